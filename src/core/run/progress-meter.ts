import type { EngineDeps, Phase } from '../engine-deps.ts';

const windowMs = 5_000;
const intervalMs = 100;

/** Adds up what workers report and tells rows, rate and time left at most ten times a second. */
export class ProgressMeter {
  readonly #phase: Phase;
  readonly #totalRows: number | null;
  readonly #deps: Pick<EngineDeps, 'clock' | 'emit'>;
  readonly #history: { at: number; rows: number }[] = [];
  #rows: number;
  #bytes = 0;
  #told = Number.NEGATIVE_INFINITY;
  #toldRows: number;

  /** `doneRows`: rows of earlier attempts, so that a resumed run does not start at 0 %. */
  constructor(phase: Phase, totalRows: number | null, deps: Pick<EngineDeps, 'clock' | 'emit'>, doneRows = 0) {
    this.#phase = phase;
    this.#totalRows = totalRows;
    this.#deps = deps;
    this.#rows = doneRows;
    this.#toldRows = doneRows;
    this.#history.push({ at: deps.clock.elapsed(), rows: doneRows });
  }

  add(progress: { readonly rows: number; readonly bytes: number }): void {
    this.#rows += progress.rows;
    this.#bytes += progress.bytes;
    const now = this.#deps.clock.elapsed();
    if (now - this.#told < intervalMs && this.#rows !== this.#totalRows) return;
    this.#told = now;
    this.#tell(now);
  }

  /** Tells what was added last, however little time has passed: nothing more will come. */
  end(): void {
    if (this.#rows !== this.#toldRows) this.#tell(this.#deps.clock.elapsed());
  }

  #tell(now: number): void {
    this.#toldRows = this.#rows;
    this.#history.push({ at: now, rows: this.#rows });
    while (this.#history.length > 2 && now - (this.#history[0]?.at ?? now) > windowMs) this.#history.shift();
    const first = this.#history[0] ?? { at: now, rows: this.#rows };
    const seconds = (now - first.at) / 1000;
    const rate = seconds > 0 ? (this.#rows - first.rows) / seconds : 0;
    const left = this.#totalRows === null ? null : Math.max(0, this.#totalRows - this.#rows);
    this.#deps.emit({
      type: 'progress',
      phase: this.#phase,
      rows: this.#rows,
      totalRows: this.#totalRows,
      bytes: this.#bytes,
      rate,
      secondsLeft: left === null || rate === 0 ? null : left / rate,
    });
  }
}
