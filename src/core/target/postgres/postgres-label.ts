import type { PostgresConnection } from '../target.ts';

/** `app@localhost:5432/shop`; never the password. */
export function postgresLabel(connection: PostgresConnection): string {
  const host = connection.host.includes(':') ? `[${connection.host}]` : connection.host;
  return `${connection.user}@${host}:${connection.port}/${connection.database}`;
}
