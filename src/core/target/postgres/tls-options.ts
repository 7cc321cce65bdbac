import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { MigrationError } from '../../errors.ts';
import type { PostgresConnection } from '../target.ts';

/** libpq's sslmode as options of Node's TLS; false = no TLS. `prefer` begins with TLS, the caller falls back. */
export function tlsOptions(connection: PostgresConnection): ConnectionOptions | false {
  // A socket file needs no encryption and cannot have it.
  if (connection.sslMode === 'disable' || connection.host.startsWith('/')) return false;
  const ca = connection.sslRootCert === null ? {} : { ca: readRootCert(connection.sslRootCert) };
  switch (connection.sslMode) {
    case 'verify-full':
      return { ...ca, rejectUnauthorized: true };
    case 'verify-ca':
      return { ...ca, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case 'require':
      // As libpq: a root certificate makes `require` behave as `verify-ca`.
      return connection.sslRootCert === null
        ? { rejectUnauthorized: false }
        : { ...ca, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case 'prefer':
      return { rejectUnauthorized: false };
  }
}

function readRootCert(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new MigrationError('bad-target-url', { context: { detail: `the root certificate ${path} cannot be read` }, cause: error });
  }
}
