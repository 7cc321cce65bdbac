import type { Memory } from '../targets/memory.ts';
import { placeKey, type Place } from './run-record.ts';

/** A run that was begun in this workspace and has not come to its end. Holds no address and no secret. */
export interface UnfinishedRun {
  readonly runId: string;
  readonly name: string;
  readonly place: Place;
  /** URI of the plan file. */
  readonly plan: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Committed, as far as it was known. */
  readonly rows: number;
}

const key = 'sluice.unfinishedRuns';
/** Whoever leaves more of them behind reads them from the target's history. */
const most = 20;

/** Keeps them when the window goes, so that the next one offers to resume them before anybody has connected to their target. */
export class UnfinishedRuns {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get list(): readonly UnfinishedRun[] {
    return this.#memory.get<readonly UnfinishedRun[]>(key, []);
  }

  remember(run: UnfinishedRun): void {
    this.#write([run, ...this.#without(run)].slice(0, most));
  }

  forget(run: Pick<UnfinishedRun, 'runId' | 'place'>): void {
    const others = this.#without(run);
    if (others.length < this.list.length) this.#write(others);
  }

  #without({ runId, place }: Pick<UnfinishedRun, 'runId' | 'place'>): readonly UnfinishedRun[] {
    return this.list.filter((run) => run.runId !== runId || placeKey(run.place) !== placeKey(place));
  }

  #write(runs: readonly UnfinishedRun[]): void {
    // What cannot be kept is still in the target.
    this.#memory.update(key, runs).then(undefined, () => {});
  }
}
