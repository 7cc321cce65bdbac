import type { EngineDeps } from '../../engine-deps.ts';
import type { Target } from '../../target/target.ts';
import type { FrozenSource } from '../frozen-sources.ts';
import type { TargetChoice } from '../requests.ts';
import type { TaskName, WorkerTasks } from '../worker-messages.ts';
import { WorkerPool } from '../worker-pool.ts';
import { FrozenStores } from './frozen-stores.ts';
import { orAborted } from './or-aborted.ts';
import { TargetSessions } from './target-sessions.ts';

/** Threads for stores: one long query must not keep the others waiting. */
const threads = 3;

/** What is closed after so long without use. */
const defaultIdleMs = 30_000;

/**
 * What a browsing engine keeps open between requests: a few threads, stores as they were frozen, sessions on targets. One per process. No store's file
 * stays open between two requests; what nobody uses for half a minute is closed.
 */
export class BrowseSession {
  readonly deps: EngineDeps;
  readonly #pool: WorkerPool;
  readonly #stores: FrozenStores;
  readonly #targets: TargetSessions;

  constructor(deps: EngineDeps, options: { readonly idleMs?: number } = {}) {
    const idleMs = options.idleMs ?? defaultIdleMs;
    this.deps = deps;
    this.#pool = new WorkerPool(threads, deps.startWorker, () => null);
    this.#stores = new FrozenStores(this.#pool, deps, idleMs);
    this.#targets = new TargetSessions(deps, idleMs);
  }

  /**
   * Lends a session on a target. `work` may be done twice, when the connection was lost, so it must only read. An abort rejects with `cancelled` at
   * once and cancels the statement on a server; the embedded target finishes it, and the answer is dropped.
   */
  withTarget<T>(choice: TargetChoice, signal: AbortSignal, work: (target: Target) => Promise<T>): Promise<T> {
    return this.#targets.use(choice, signal, work);
  }

  /** Lends the store at `location` (absolute) as it is now; it is frozen again when its file, -wal or -journal has changed. */
  withStore<T>(location: string, signal: AbortSignal, work: (store: FrozenSource) => Promise<T>): Promise<T> {
    return orAborted(this.#stores.use(location, signal, work), signal);
  }

  /** A task of a worker thread; after an abort its answer is dropped. */
  runTask<T extends TaskName>(task: T, params: WorkerTasks[T]['params'], signal: AbortSignal): Promise<WorkerTasks[T]['result']> {
    return orAborted(this.#pool.run(task, params, signal), signal);
  }

  /** Surroundings for a procedure that opens its own sessions: it gets to an embedded database over the link that is open here, and tells no events. */
  get lentDeps(): EngineDeps {
    return { ...this.deps, emit: () => undefined, openEmbedded: (directory) => this.#targets.lendLink(directory) };
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#pool.close(), this.#targets.close()]);
    await this.#stores.close();
  }
}
