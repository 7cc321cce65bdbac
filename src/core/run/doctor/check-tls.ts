import type { PostgresConnection, Wire } from '../../target/target.ts';
import { passed, problem, type MadeCheck } from './make-check.ts';

/** Whether the connection is encrypted, with what, and whether anybody looked at the certificate. */
export function checkTls({ encryption }: Wire, connection: PostgresConnection): MadeCheck {
  const { host, sslMode } = connection;
  if (host.startsWith('/')) return passed('tls', `Not encrypted, over a socket file of this machine.`);
  const here = isThisMachine(host);
  if (encryption === null) {
    if (here) return passed('tls', `Not encrypted (sslmode=${sslMode}); the connection does not leave this machine.`);
    return problem('tls', 'warning', 'connection-not-encrypted', { host, sslMode });
  }
  const { protocol, cipher } = encryption;
  const verified = whatIsVerified(connection);
  if (verified === null && !here) return problem('tls', 'warning', 'certificate-not-checked', { host, sslMode, protocol });
  return passed('tls', `Encrypted with ${protocol}, ${cipher}; ${verified ?? 'the certificate is not looked at'} (sslmode=${sslMode}).`);
}

/** What is known of it when nobody got that far, in the words of the address. */
export function askedTls({ host, sslMode }: PostgresConnection): MadeCheck {
  if (host.startsWith('/') || sslMode === 'disable') return passed('tls', 'Not encrypted, as the address asks.');
  return passed('tls', sslMode === 'prefer' ? 'Encrypted if the server can (sslmode=prefer).' : `Encrypted (sslmode=${sslMode}).`);
}

function whatIsVerified({ sslMode, sslRootCert }: PostgresConnection): string | null {
  if (sslMode === 'verify-full') return 'authority and host name of the certificate are verified';
  const authority = sslMode === 'verify-ca' || (sslMode === 'require' && sslRootCert !== null);
  return authority ? 'the authority of the certificate is verified, its host name is not' : null;
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
