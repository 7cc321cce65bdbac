import { readCapabilities } from '../capabilities.ts';
import type { PostgresConnection, Target } from '../target.ts';
import { sendCancelRequest } from './cancel-request.ts';
import { connectClient } from './connect-client.ts';
import { PostgresSession } from './postgres-session.ts';
import { PostgresTarget } from './postgres-target.ts';

export interface PostgresTargetOptions {
  /** Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Opens also where the pooler gives no session of its own, for single statements only; nothing is set there. Else that is `transaction-pooling`. */
  readonly anyPooling?: boolean;
}

/** One connection to a PostgreSQL server. A failed connect is a named diagnosis (`wrong-password`, `server-not-running`, …). */
export async function openPostgresTarget(
  connection: PostgresConnection,
  applicationName: string,
  options: PostgresTargetOptions = {},
): Promise<Target> {
  const { client, tls, wire } = await connectClient(connection, applicationName, {
    timeoutMs: options.connectTimeoutMs ?? 10_000,
    anyPooling: options.anyPooling === true,
  });
  const cancel = (): Promise<void> => sendCancelRequest(client, connection, tls);
  const session = new PostgresSession(client, cancel);
  try {
    const capabilities = await readCapabilities(session, { sessions: true });
    return new PostgresTarget({ address: { kind: 'postgres', connection, applicationName }, client, session, capabilities, wire, cancel });
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}
