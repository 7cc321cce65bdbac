import type { EngineDeps } from '../../engine-deps.ts';
import type { Target } from '../../target/target.ts';
import type { FrozenSource } from '../frozen-sources.ts';
import type { TargetChoice } from '../requests.ts';
import { LayoutCache } from '../../vectors/map/layout-cache.ts';
import type { TaskName, TaskProgress, WorkerTasks } from '../worker-messages.ts';
import { WorkerPool } from '../worker-pool.ts';
import { FrozenStores } from './frozen-stores.ts';
import { orAborted } from './or-aborted.ts';
import { TargetSessions } from './target-sessions.ts';

/** Threads for stores: one long query must not keep the others waiting. */
const threads = 3;

/** For a task to hear its abort; whoever asked has had his answer long before. */
const graceMs = 700;

/** Threads that may be inside of native calls whose answers nobody wants. Each takes a processor. */
const mostGivenUp = 8;

/** What is closed after so long without use. */
const defaultIdleMs = 30_000;

/**
 * What a browsing engine keeps open between requests: a few threads, stores as they were frozen, sessions on targets. One per process. No store's file
 * stays open between two requests; what nobody uses for half a minute is closed. A thread that stays in a native call after an abort is given up.
 */
export class BrowseSession {
  readonly deps: EngineDeps;
  /** Layouts of vector maps. */
  readonly layouts = new LayoutCache();
  readonly #pool: WorkerPool;
  readonly #stores: FrozenStores;
  readonly #targets: TargetSessions;

  /** `onOverrun` is told when too many threads are stuck in native calls: only the end of the process ends those. */
  constructor(deps: EngineDeps, options: { readonly idleMs?: number; readonly onOverrun?: (reason: string) => void } = {}) {
    const idleMs = options.idleMs ?? defaultIdleMs;
    this.deps = deps;
    const onGivenUp = (stuck: number): void => {
      deps.log.info(`a cancelled query goes on in a thread that was given up; there are ${stuck}`);
      if (stuck > mostGivenUp) options.onOverrun?.(`${stuck} cancelled queries are still running in stores and cannot be interrupted`);
    };
    this.#pool = new WorkerPool(threads, deps.startWorker, () => null, { graceMs, onGivenUp });
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

  /** A task of a worker thread; after an abort its answer is dropped. `cleanUp` is done when a task has failed and its thread does no more for it. */
  runTask<T extends TaskName>(
    task: T,
    params: WorkerTasks[T]['params'],
    signal: AbortSignal,
    cleanUp: () => unknown = () => undefined,
    onProgress: (progress: TaskProgress) => void = () => undefined,
  ): Promise<WorkerTasks[T]['result']> {
    const work = this.#pool.run(task, params, signal, onProgress);
    work.catch(cleanUp);
    return orAborted(work, signal);
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
