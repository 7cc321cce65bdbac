import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EngineDeps } from '../../engine-deps.ts';
import { MigrationError } from '../../errors.ts';
import { storeState } from '../../sources/store-state.ts';
import type { SourceSnapshot } from '../../sources/source.ts';
import type { FrozenSource } from '../frozen-sources.ts';
import type { WorkerPool } from '../worker-pool.ts';

interface Entry {
  /** Size and time of the store's files when it was frozen. */
  readonly state: string;
  readonly frozen: Promise<FrozenSource>;
  users: number;
  timer: NodeJS.Timeout | null;
}

/** Stores as they were frozen last, by location. Private copies go when they are out of date or have not been used for a while. */
export class FrozenStores {
  readonly #pool: WorkerPool;
  readonly #deps: EngineDeps;
  readonly #idleMs: number;
  readonly #entries = new Map<string, Entry>();

  constructor(pool: WorkerPool, deps: EngineDeps, idleMs: number) {
    this.#pool = pool;
    this.#deps = deps;
    this.#idleMs = idleMs;
  }

  async use<T>(location: string, signal: AbortSignal, work: (store: FrozenSource) => Promise<T>): Promise<T> {
    const entry = this.#entryOf(location, await storeState(location));
    entry.users++;
    if (entry.timer !== null) clearTimeout(entry.timer);
    try {
      const store = await entry.frozen;
      if (signal.aborted) throw new MigrationError('cancelled');
      return await work(store);
    } finally {
      entry.users--;
      if (entry.users === 0) await this.#rest(location, entry);
    }
  }

  /** To be called when the worker threads have ended. */
  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const { timer } of entries) if (timer !== null) clearTimeout(timer);
    await Promise.all(entries.map(removeCopy));
  }

  #entryOf(location: string, state: string): Entry {
    const known = this.#entries.get(location);
    if (known?.state === state) return known;
    const entry: Entry = { state, frozen: this.#freeze(location), users: 0, timer: null };
    this.#entries.set(location, entry);
    entry.frozen.catch(() => {
      if (this.#entries.get(location) === entry) this.#entries.delete(location);
    });
    if (known?.users === 0) void this.#rest(location, known);
    return entry;
  }

  /** Nobody who waits for it decides whether it is frozen: the next one wants it too. */
  async #freeze(location: string): Promise<FrozenSource> {
    const { signal } = new AbortController();
    // Looking at a store takes no promise that it stays: a change is noticed, and what is shown is read again.
    const params = { location, scratch: this.#deps.scratchDirectory, copy: 'where-needed' } as const;
    const snapshot = await this.#pool.run('freeze', params, signal);
    try {
      return { snapshot, catalog: await this.#pool.run('readCatalog', { snapshot }, signal) };
    } catch (error) {
      await removeCopyOf(snapshot);
      throw error;
    }
  }

  /** What is read in place costs nothing while it rests; a private copy takes space. */
  async #rest(location: string, entry: Entry): Promise<void> {
    if (entry.timer !== null) clearTimeout(entry.timer);
    if (this.#entries.get(location) !== entry) return removeCopy(entry);
    const { snapshot } = await entry.frozen.catch(() => ({ snapshot: null }));
    if (snapshot?.temporary !== true || entry.users > 0) return;
    entry.timer = setTimeout(() => {
      if (this.#entries.get(location) === entry) this.#entries.delete(location);
      void removeCopy(entry);
    }, this.#idleMs);
    entry.timer.unref();
  }
}

async function removeCopy(entry: Entry): Promise<void> {
  const store = await entry.frozen.catch(() => null);
  if (store !== null) await removeCopyOf(store.snapshot);
}

/** A private copy lies in a folder of its own. */
async function removeCopyOf(snapshot: SourceSnapshot): Promise<void> {
  // Where a thread that was given up has it open, some systems keep it; the scratch folder goes with the process.
  if (snapshot.temporary) await rm(dirname(snapshot.path), { recursive: true, force: true }).catch(() => undefined);
}
