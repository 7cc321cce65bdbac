import { MigrationError } from '../../errors.ts';

/** Throws `cancelled` when `signal` is aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new MigrationError('cancelled', { cause: signal.reason });
}
