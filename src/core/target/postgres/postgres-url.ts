import type { PostgresConnection } from '../target.ts';

export interface PostgresUrlOptions {
  readonly sslMode: boolean;
  readonly sslRootCert?: boolean;
}

/** A URL built from the parts of a connection, so that no password can be left in it. */
export function postgresUrl(connection: PostgresConnection, options: PostgresUrlOptions): string {
  const { host, port, user, database, sslMode, sslRootCert } = connection;
  const socket = host.startsWith('/');
  const place = socket ? '' : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const parameters = [
    ...(socket ? [`host=${encodeURIComponent(host)}`, `port=${port}`] : []),
    ...(options.sslMode ? [`sslmode=${sslMode}`] : []),
    ...(options.sslRootCert === true && sslRootCert !== null ? [`sslrootcert=${encodeURIComponent(sslRootCert)}`] : []),
  ];
  return `postgresql://${encodeURIComponent(user)}@${place}/${encodeURIComponent(database)}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`;
}

export function isPostgresUrl(word: string): boolean {
  return /^postgres(ql)?:\/\//.test(word);
}
