import type { MessageConnection } from 'vscode-jsonrpc/node';
import { MigrationError } from '../core/errors.ts';
import type { EmbeddedLink, EmbeddedMethod, EmbeddedRequests } from '../core/target/embedded/embedded-link.ts';
import { fromRpcError } from '../engine/rpc-errors.ts';
import type { BrokerRequests } from '../protocol/engine-protocol.ts';

let clients = 0;

/** A client of the embedded process that the host owns. Throws `embedded-in-use`, `embedded-not-started`. */
export async function openForwardedLink(connection: MessageConnection, directory: string): Promise<EmbeddedLink> {
  const client = `client-${++clients}`;

  async function ask<M extends keyof BrokerRequests>(method: M, params: BrokerRequests[M]['params']): Promise<BrokerRequests[M]['result']> {
    try {
      return await connection.sendRequest<BrokerRequests[M]['result']>(method, params);
    } catch (error) {
      throw (
        fromRpcError(error, process.connected) ??
        new MigrationError('embedded-stopped', { context: { detail: 'the editor has gone' }, cause: error })
      );
    }
  }

  await ask('embedded/open', { directory, client });
  return {
    directory,
    request: <M extends EmbeddedMethod>(method: M, params: EmbeddedRequests[M]['params']) =>
      ask('embedded/request', { client, method, params }) as Promise<EmbeddedRequests[M]['result']>,
    kill: async () => void (await ask('embedded/kill', { client })),
    close: async () => void (await ask('embedded/close', { client })),
  };
}
