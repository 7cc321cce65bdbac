import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import type { Target } from '../target/target.ts';
import { EngineSession } from './engine-session.ts';
import type { TargetChoice } from './requests.ts';

/** Does `work` on a session of its own. An abort stops the statement under way, and everything that fails then is `cancelled`. */
export async function onTarget<T>(
  choice: TargetChoice,
  signal: AbortSignal,
  deps: EngineDeps,
  work: (target: Target) => Promise<T>,
): Promise<T> {
  const engine = new EngineSession(deps, 1);
  try {
    const target = await engine.openTarget(choice);
    const onAbort = (): void => void target.cancel().catch(() => undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await work(target);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  } catch (error) {
    throw signal.aborted ? new MigrationError('cancelled', { cause: error }) : error;
  } finally {
    await engine.close();
  }
}
