import { once } from 'node:events';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import type { PostgresConnection } from '../target.ts';

/** The parts of `pg` that its type declarations leave out. */
interface CancelConnection extends pg.Connection {
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
}

interface BackendKey {
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/** Asks the server, over a second connection, to stop what `client` is doing. Resolves when the server has taken the request; errors are the socket's own. */
export async function sendCancelRequest(client: pg.Client, connection: PostgresConnection, tls: ConnectionOptions | false): Promise<void> {
  const { processID, secretKey } = client as unknown as BackendKey;
  if (processID === null || secretKey === null) return;
  const wire = new pg.Connection({ ssl: tls }) as CancelConnection;
  const closed = once(wire, 'end');
  wire.once('connect', () => (tls === false ? wire.cancel(processID, secretKey) : wire.requestSsl()));
  wire.once('sslconnect', () => wire.cancel(processID, secretKey));
  if (connection.host.startsWith('/')) wire.connect(`${connection.host}/.s.PGSQL.${connection.port}`);
  else wire.connect(connection.port, connection.host);
  // The server answers by closing.
  await closed;
}
