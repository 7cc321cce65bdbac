import type { RunSummary, TargetChoice } from '../../core/index.ts';
import type { Engines } from '../engines.ts';
import { placeKey, type Place } from './run-record.ts';

export interface PlaceHistory {
  readonly place: Place;
  readonly runs: readonly RunSummary[];
}

/** Histories of the targets of this window as they were last read. */
export class RunHistory {
  readonly #engines: Pick<Engines, 'browse'>;
  readonly #places = new Map<string, PlaceHistory>();
  readonly #reads = new Map<string, number>();
  #loading = 0;

  constructor(engines: Pick<Engines, 'browse'>) {
    this.#engines = engines;
  }

  get loading(): boolean {
    return this.#loading > 0;
  }

  get places(): readonly PlaceHistory[] {
    return [...this.#places.values()];
  }

  find(place: Place, runId: string): RunSummary | undefined {
    return this.#places.get(placeKey(place))?.runs.find((run) => run.runId === runId);
  }

  /** true when it was read; false when a later read overtook it or it failed (what was there stays; the target's own node tells why). */
  async read(place: Place, target: TargetChoice): Promise<boolean> {
    const key = placeKey(place);
    const read = (this.#reads.get(key) ?? 0) + 1;
    this.#reads.set(key, read);
    this.#loading += 1;
    try {
      const runs = await this.#engines.browse('runs', { target });
      if (this.#reads.get(key) !== read) return false;
      this.#places.set(key, { place, runs });
      return true;
    } catch {
      return false;
    } finally {
      this.#loading -= 1;
    }
  }

  /** Nothing is there any more. */
  clear(place: Place): void {
    const key = placeKey(place);
    this.#reads.set(key, (this.#reads.get(key) ?? 0) + 1);
    this.#places.delete(key);
  }

  /** What was read of a run is out of date; reads under way are too. */
  drop(place: Place, runId: string): void {
    const key = placeKey(place);
    this.#reads.set(key, (this.#reads.get(key) ?? 0) + 1);
    const known = this.#places.get(key);
    if (known !== undefined) this.#places.set(key, { place, runs: known.runs.filter((run) => run.runId !== runId) });
  }
}
