import type { EngineDeps } from '../engine-deps.ts';
import type { RecordProgress } from '../sources/source.ts';
import { ProgressMeter } from './progress-meter.ts';

/** Tells how far the translation of a store into tables is: its records are counted once while they are read, and once more while they are written. */
export class RecordsMeter {
  readonly #deps: Pick<EngineDeps, 'clock' | 'emit'>;
  #pass: { readonly of: number | null; readonly meter: ProgressMeter; records: number } | null = null;

  constructor(deps: Pick<EngineDeps, 'clock' | 'emit'>) {
    this.#deps = deps;
  }

  show({ records, of }: RecordProgress): void {
    if (this.#pass === null || this.#pass.of !== of) this.#pass = { of, meter: new ProgressMeter('open', of, this.#deps), records: 0 };
    this.#pass.meter.add({ rows: records - this.#pass.records, bytes: 0 });
    this.#pass.records = records;
  }
}
