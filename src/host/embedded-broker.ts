import { resolve } from 'node:path';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { MigrationError } from '../core/errors.ts';
import { toResponseError } from '../engine/rpc-errors.ts';
import type { BrokerRequests } from '../protocol/engine-protocol.ts';
import { BrokeredDirectory, type BrokerSettings } from './engines/brokered-directory.ts';

type Handlers = { readonly [M in keyof BrokerRequests]: (params: BrokerRequests[M]['params']) => Promise<BrokerRequests[M]['result']> };

/** One use of a directory by one engine. */
interface BrokerClient {
  readonly name: string;
  readonly directory: BrokeredDirectory;
  gone: boolean;
}

/** Owns the embedded processes of this window and lets all engines share them. */
export class EmbeddedBroker {
  readonly #settings: BrokerSettings;
  readonly #directories = new Map<string, BrokeredDirectory>();
  #engines = 0;

  constructor(settings: BrokerSettings) {
    this.#settings = settings;
  }

  /** Answers the BrokerRequests of one engine. The function it returns is called when the engine has gone: what it had open is rolled back. */
  serve(connection: MessageConnection): () => Promise<void> {
    const engine = `engine-${++this.#engines}`;
    const clients = new Map<string, BrokerClient>();
    const handlers = this.#handlers(engine, clients);
    for (const [method, handler] of Object.entries(handlers)) {
      connection.onRequest(method, async (params: never) => {
        try {
          return await (handler as (params: never) => Promise<unknown>)(params);
        } catch (error) {
          return toResponseError(error);
        }
      });
    }
    return async () => {
      const leaving = [...clients.values()];
      clients.clear();
      await Promise.allSettled(leaving.map(vanish));
    };
  }

  /** Stops the process of a directory at once, if there is one; the next use opens it again. */
  async kill(directory: string): Promise<void> {
    await this.#directories.get(resolve(directory))?.kill();
  }

  /** Closes every process with its last checkpoint written. */
  async dispose(): Promise<void> {
    await Promise.allSettled([...this.#directories.values()].map((directory) => directory.dispose()));
  }

  #handlers(engine: string, clients: Map<string, BrokerClient>): Handlers {
    const find = (client: string): BrokerClient => {
      const found = clients.get(client);
      if (found === undefined) throw new MigrationError('embedded-stopped', { context: { detail: 'its client was closed' } });
      return found;
    };
    return {
      'embedded/open': async ({ directory, client }) => {
        const opened: BrokerClient = { name: `${engine}/${client}`, directory: this.#directoryOf(directory), gone: false };
        clients.set(client, opened);
        try {
          await opened.directory.open();
        } catch (error) {
          clients.delete(client);
          throw error;
        }
        return null;
      },
      'embedded/request': async ({ client, method, params }) => {
        const asking = find(client);
        const life = await asking.directory.open();
        // Whoever vanished while the process started must not begin a transaction that nobody ends.
        if (asking.gone) throw new MigrationError('embedded-stopped', { context: { detail: 'its client has gone' } });
        return life.client(asking.name).request(method as never, params as never);
      },
      'embedded/kill': async ({ client }) => {
        await find(client).directory.kill();
        return null;
      },
      'embedded/close': async ({ client }) => {
        const closing = clients.get(client);
        clients.delete(client);
        if (closing !== undefined) await vanish(closing);
        return null;
      },
    };
  }

  #directoryOf(path: string): BrokeredDirectory {
    const key = resolve(path);
    const known = this.#directories.get(key) ?? new BrokeredDirectory(key, this.#settings);
    this.#directories.set(key, known);
    return known;
  }
}

async function vanish(client: BrokerClient): Promise<void> {
  client.gone = true;
  const life = await client.directory.running();
  await life?.vanish(client.name);
}
