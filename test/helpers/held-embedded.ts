import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationError } from '../../src/core/errors.ts';
import type { EmbeddedLink, EmbeddedMethod, EmbeddedRequests } from '../../src/core/target/embedded/embedded-link.ts';
import { forkTestEmbedded } from './embedded.ts';
import { layEmbeddedDatabase } from './new-embedded-database.ts';

/**
 * One process on a new embedded database. It stays when those who open the database let go of it, since each start takes a second of a core; for them all
 * else is as with a process of their own: one at a time has the database, and a transaction that was left open is rolled back.
 */
export class HeldEmbedded {
  readonly #directory: string;
  #link: Promise<EmbeddedLink> | null = null;
  /** Resolves when whoever has the database lets go of it. */
  #lent: Promise<void> | null = null;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Past everybody who has opened it. */
  link(): Promise<EmbeddedLink> {
    this.#link ??= layEmbeddedDatabase(this.#directory).then(() => forkTestEmbedded(this.#directory));
    return this.#link;
  }

  /** Throws `embedded-in-use` when somebody still has it, who gets as long to let go as from the lock of a directory. */
  async open(): Promise<EmbeddedLink> {
    if (this.#lent !== null) await Promise.race([this.#lent, sleep(2000)]);
    if (this.#lent !== null) throw new MigrationError('embedded-in-use', { context: { directory: this.#directory, owner: 'this test' } });
    const over = Promise.withResolvers<void>();
    this.#lent = over.promise;
    const letGo = (): void => {
      this.#lent = null;
      over.resolve();
    };
    try {
      return new LentLink(await this.link(), letGo);
    } catch (error) {
      letGo();
      throw error;
    }
  }

  async close(): Promise<void> {
    const link = await this.#link?.catch(() => null);
    await link?.close();
  }
}

class LentLink implements EmbeddedLink {
  readonly directory: string;
  readonly #link: EmbeddedLink;
  readonly #letGo: () => void;
  readonly #transactions = new Set<string>();
  #closed = false;

  constructor(link: EmbeddedLink, letGo: () => void) {
    this.directory = link.directory;
    this.#link = link;
    this.#letGo = letGo;
  }

  async request<M extends EmbeddedMethod>(method: M, params: EmbeddedRequests[M]['params']): Promise<EmbeddedRequests[M]['result']> {
    this.#checkOpen();
    if ((method === 'commit' || method === 'rollback') && 'session' in params) this.#transactions.delete(String(params.session));
    const result = await this.#link.request(method, params);
    if (method === 'begin' && result !== null && 'session' in result) await this.#begun(result.session);
    return result;
  }

  async kill(): Promise<void> {
    this.#transactions.clear();
    await this.#link.kill();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const session of this.#transactions) await this.#link.request('rollback', { session }).catch(() => undefined);
    this.#letGo();
  }

  async #begun(session: string): Promise<void> {
    this.#transactions.add(session);
    if (!this.#closed) return;
    await this.#link.request('rollback', { session });
    this.#checkOpen();
  }

  #checkOpen(): void {
    if (this.#closed) throw new MigrationError('embedded-stopped', { context: { detail: 'it was closed' } });
  }
}
