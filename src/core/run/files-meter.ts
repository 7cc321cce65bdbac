import type { EngineDeps } from '../engine-deps.ts';
import type { FileProgress } from '../sources/source.ts';

const intervalMs = 100;

/** Tells how far the opening of a store of many files is, at most ten times a second. */
export class FilesMeter {
  readonly #deps: Pick<EngineDeps, 'clock' | 'emit'>;
  #told = Number.NEGATIVE_INFINITY;

  constructor(deps: Pick<EngineDeps, 'clock' | 'emit'>) {
    this.#deps = deps;
  }

  show({ stage, files, of, bytes }: FileProgress): void {
    const now = this.#deps.clock.elapsed();
    if (now - this.#told < intervalMs) return;
    this.#told = now;
    this.#deps.emit({ type: 'files', phase: 'open', state: stage, files, totalFiles: of, bytes });
  }
}
