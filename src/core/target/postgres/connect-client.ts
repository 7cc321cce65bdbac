import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { MigrationError } from '../../errors.ts';
import { sessionSettingsQuery } from '../session-settings.ts';
import type { PostgresConnection } from '../target.ts';
import { valueParsers } from '../value-parsers.ts';
import { diagnoseConnection, isTlsRefusal } from './diagnose-connection.ts';
import { tlsOptions } from './tls-options.ts';

export interface ConnectedClient {
  readonly client: pg.Client;
  /** The connection is encrypted with these options; false = it is not. */
  readonly tls: ConnectionOptions | false;
}

/** Connects and makes the session's settings explicit. Every failure is a named diagnosis without a secret. */
export async function connectClient(connection: PostgresConnection, applicationName: string, timeoutMs: number): Promise<ConnectedClient> {
  const tls = tlsOptions(connection);
  try {
    return await connectOnce(connection, applicationName, timeoutMs, tls);
  } catch (error) {
    if (connection.sslMode !== 'prefer' || tls === false || !isTlsRefusal(error)) throw diagnoseConnection(error, connection);
  }
  try {
    return await connectOnce(connection, applicationName, timeoutMs, false);
  } catch (error) {
    throw diagnoseConnection(error, connection);
  }
}

async function connectOnce(
  connection: PostgresConnection,
  applicationName: string,
  timeoutMs: number,
  tls: ConnectionOptions | false,
): Promise<ConnectedClient> {
  const client = new pg.Client({
    host: connection.host,
    port: connection.port,
    database: connection.database,
    user: connection.user,
    // A function keeps `pg` from looking for a password in places of its own.
    password: () => askedForPassword(connection),
    ssl: tls,
    application_name: applicationName,
    client_encoding: 'UTF8',
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
    types: { getTypeParser: (oid: number) => valueParsers[oid] ?? asText },
  });
  // A connection that breaks while nothing runs says so here; the next statement throws `connection-lost`.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(sessionSettingsQuery);
  } catch (error) {
    void client.end().catch(() => {});
    throw error;
  }
  return { client, tls };
}

function askedForPassword(connection: PostgresConnection): string {
  if (connection.password === null || connection.password === '')
    throw new MigrationError('password-missing', { context: { user: connection.user } });
  return connection.password;
}

function asText(text: string): string {
  return text;
}
