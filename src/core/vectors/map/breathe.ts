import { setImmediate as nextTurn } from 'node:timers/promises';
import { MigrationError } from '../../errors.ts';

/** Milliseconds of computing between two looks at the signal. */
const turnMs = 50;

/** Lets messages in once in a while during a long computation; throws `cancelled` when one of them was an abort. */
export function breather(signal: AbortSignal, elapsed: () => number): () => Promise<void> {
  let last = elapsed();
  return async () => {
    if (elapsed() - last >= turnMs) {
      await nextTurn();
      last = elapsed();
    }
    if (signal.aborted) throw new MigrationError('cancelled');
  };
}
