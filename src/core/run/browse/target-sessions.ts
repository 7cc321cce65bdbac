import type { EngineDeps } from '../../engine-deps.ts';
import { MigrationError } from '../../errors.ts';
import type { EmbeddedLink } from '../../target/embedded/embedded-link.ts';
import type { Target } from '../../target/target.ts';
import type { TargetChoice } from '../requests.ts';
import { orAborted } from './or-aborted.ts';
import { SessionPool } from './session-pool.ts';

/** Sessions on all targets that are being looked at. */
export class TargetSessions {
  readonly #deps: EngineDeps;
  readonly #idleMs: number;
  /** The key of a server holds its password: it is compared, and never told. */
  readonly #pools = new Map<string, SessionPool>();
  #closed = false;

  constructor(deps: EngineDeps, idleMs: number) {
    this.#deps = deps;
    this.#idleMs = idleMs;
  }

  use<T>(choice: TargetChoice, signal: AbortSignal, work: (target: Target) => Promise<T>): Promise<T> {
    if (this.#closed || signal.aborted) return Promise.reject(new MigrationError('cancelled'));
    return orAborted(this.#poolOf(choice).use(signal, work), signal);
  }

  /** The way to an embedded database, shared with the sessions here; closing it gives it back. */
  lendLink(directory: string): Promise<EmbeddedLink> {
    if (this.#closed) return Promise.reject(new MigrationError('cancelled'));
    return this.#poolOf({ kind: 'embedded', directory, name: 'embedded' }).lendLink();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled([...this.#pools.values()].map((pool) => pool.close()));
    this.#pools.clear();
  }

  #poolOf(choice: TargetChoice): SessionPool {
    const key = JSON.stringify(choice.kind === 'embedded' ? choice.directory : choice.connection);
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      pool = new SessionPool(choice, this.#deps, this.#idleMs);
      this.#pools.set(key, pool);
    }
    return pool;
  }
}
