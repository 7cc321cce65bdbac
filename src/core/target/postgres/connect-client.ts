import type { Socket } from 'node:net';
import { TLSSocket, type ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { MigrationError } from '../../errors.ts';
import { sessionSettingsQuery } from '../session-settings.ts';
import type { PostgresConnection, Wire } from '../target.ts';
import { valueParsers } from '../value-parsers.ts';
import { diagnoseConnection, isClosed, isTimeout, isTlsRefusal } from './diagnose-connection.ts';
import { findPooling } from './find-pooling.ts';
import { Opening } from './opening.ts';
import { tlsOptions } from './tls-options.ts';

export interface ConnectedClient {
  readonly client: pg.Client;
  /** The connection is encrypted with these options; false = it is not. */
  readonly tls: ConnectionOptions | false;
  readonly wire: Wire;
}

export interface ConnectOptions {
  readonly timeoutMs: number;
  /** See PostgresTargetOptions. */
  readonly anyPooling: boolean;
}

/** Connects and makes the session's settings explicit. Every failure is a named diagnosis without a secret. */
export async function connectClient(
  connection: PostgresConnection,
  applicationName: string,
  options: ConnectOptions,
): Promise<ConnectedClient> {
  const tls = tlsOptions(connection);
  try {
    return await openSession(connection, applicationName, options, tls);
  } catch (error) {
    if (connection.sslMode !== 'prefer' || tls === false || !isTlsRefusal(error)) throw diagnoseConnection(error, connection);
  }
  try {
    return await openSession(connection, applicationName, options, false);
  } catch (error) {
    throw diagnoseConnection(error, connection, { tlsTried: true });
  }
}

async function openSession(
  connection: PostgresConnection,
  applicationName: string,
  { timeoutMs, anyPooling }: ConnectOptions,
  tls: ConnectionOptions | false,
): Promise<ConnectedClient> {
  const connect = (): Promise<pg.Client> => connectOnce(connection, applicationName, timeoutMs, tls);
  const client = await connect();
  try {
    const pooling = await findPooling(client, connect, timeoutMs);
    if (pooling === 'transaction' || pooling === 'statement') {
      // What is set would stay behind in a session that others use.
      if (!anyPooling) throw new MigrationError('transaction-pooling', { context: { mode: pooling } });
    } else await client.query(sessionSettingsQuery);
    return { client, tls, wire: { encryption: encryptionOf(client), pooling } };
  } catch (error) {
    void client.end().catch(() => {});
    throw error;
  }
}

async function connectOnce(
  connection: PostgresConnection,
  applicationName: string,
  timeoutMs: number,
  tls: ConnectionOptions | false,
): Promise<pg.Client> {
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
  let accepted = false;
  const socket = socketOf(client);
  socket?.once('connect', () => (accepted = true));
  const opening = new Opening();
  socket?.on('data', opening.add);
  try {
    await client.connect();
  } catch (error) {
    void client.end().catch(() => {});
    if (accepted && isTimeout(error)) throw new MigrationError('connection-timeout', { context: { accepted } });
    // A server that goes down while it is asked is no reason to say that there is none.
    throw isClosed(error) && opening.mayBePostgres() ? new MigrationError('closed-unanswered') : error;
  }
  socket?.off('data', opening.add);
  return client;
}

function encryptionOf(client: pg.Client): Wire['encryption'] {
  const socket = socketOf(client);
  if (!(socket instanceof TLSSocket)) return null;
  return { protocol: socket.getProtocol() ?? '', cipher: socket.getCipher().name };
}

/** The type declarations leave it out. */
function socketOf(client: pg.Client): Socket | undefined {
  return (client as unknown as { readonly connection?: { readonly stream?: Socket } }).connection?.stream;
}

function askedForPassword(connection: PostgresConnection): string {
  if (connection.password === null || connection.password === '')
    throw new MigrationError('password-missing', { context: { user: connection.user } });
  return connection.password;
}

function asText(text: string): string {
  return text;
}
