import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from './throw-if-cancelled.ts';

/** Bytes after which the event loop gets a turn: a few hundredths of a second. */
const bytesAtOnce = 2 ** 22;

/** What opening a file counts beside reading it, in bytes: of small files it is most of the work, and on a slow disk it takes milliseconds. */
export const fileCost = 2 ** 16;

/** Lets the event loop, and with it a cancellation, have a turn every so many bytes of synchronous work. */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  #spent = 0;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** True when it is time for `take`. */
  spend(bytes: number): boolean {
    this.#spent += bytes;
    return this.#spent >= bytesAtOnce;
  }

  /** Throws `cancelled`. */
  async take(): Promise<void> {
    this.#spent = 0;
    await setImmediate();
    if (this.#signal !== undefined) throwIfCancelled(this.#signal);
  }
}
