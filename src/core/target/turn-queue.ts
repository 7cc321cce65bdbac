import { deferred } from './deferred.ts';

/** Lets one caller in at a time, first come first served. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn; the turn lasts until the function it resolves to is called. */
  async take(): Promise<() => void> {
    const before = this.#last;
    const turn = deferred<void>();
    this.#last = turn.promise;
    await before;
    return turn.resolve;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const release = await this.take();
    try {
      return await work();
    } finally {
      release();
    }
  }
}
