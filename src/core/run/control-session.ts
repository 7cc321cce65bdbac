import { MigrationError } from '../errors.ts';
import { takeRunLock } from '../state/run-lock.ts';
import { retryTransient } from '../target/retry-transient.ts';
import type { Target } from '../target/target.ts';

/**
 * The engine's own session during a run: holds the run lock. A lost connection is opened again and the lock taken again, so work given to `use`
 * must be safe to repeat: a commit may have happened although its answer was lost.
 */
export class ControlSession {
  #target: Target;
  readonly #reopen: () => Promise<Target>;
  readonly #signal: AbortSignal;

  constructor(target: Target, reopen: () => Promise<Target>, signal: AbortSignal) {
    this.#target = target;
    this.#reopen = reopen;
    this.#signal = signal;
  }

  get target(): Target {
    return this.#target;
  }

  async use<T>(work: (target: Target) => Promise<T>): Promise<T> {
    if (this.#signal.aborted) throw new MigrationError('cancelled');
    const cancel = (): void => void this.#target.cancel().catch(() => undefined);
    this.#signal.addEventListener('abort', cancel, { once: true });
    try {
      return await this.#retry(work);
    } catch (error) {
      throw this.#signal.aborted ? new MigrationError('cancelled', { cause: error }) : error;
    } finally {
      this.#signal.removeEventListener('abort', cancel);
    }
  }

  #retry<T>(work: (target: Target) => Promise<T>): Promise<T> {
    let lost = false;
    return retryTransient(
      async () => {
        if (lost) {
          this.#target = await this.#reopen();
          await takeRunLock(this.#target);
          lost = false;
        }
        return work(this.#target);
      },
      async () => {
        lost = true;
        await this.#target.close().catch(() => undefined);
      },
      this.#signal,
    );
  }
}
