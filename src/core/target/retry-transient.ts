import pRetry, { AbortError } from 'p-retry';
import { MigrationError } from '../errors.ts';

/**
 * Does `attempt` again after transient errors, up to eight times with a growing pause (0.2 s to 10 s); any other error ends it at once. `onLost` puts
 * the broken session away before the next attempt. What is attempted must be safe to repeat: a commit may have happened although its answer was lost.
 */
export function retryTransient<T>(attempt: () => Promise<T>, onLost: () => Promise<void>, signal: AbortSignal): Promise<T> {
  return pRetry(
    async () => {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof MigrationError) || error.kind !== 'transient')
          throw new AbortError(error instanceof Error ? error : String(error));
        await onLost();
        throw error;
      }
    },
    { retries: 8, minTimeout: 200, factor: 2, maxTimeout: 10_000, signal },
  );
}
