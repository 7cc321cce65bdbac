import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import type { NeighboursResult } from '../model/neighbours.ts';
import { searchNeighbours } from '../vectors/search-neighbours.ts';
import type { NeighboursRequest } from './browse-requests.ts';
import { EngineSession } from './engine-session.ts';

/** One search on a session of its own. A panel, which searches often, passes an open target to `searchNeighbours`. Nothing is written. */
export async function findNeighbours(request: NeighboursRequest, deps: EngineDeps): Promise<NeighboursResult> {
  const engine = new EngineSession(deps, 1);
  try {
    const target = await engine.openTarget(request.target);
    const onAbort = (): void => void target.cancel().catch(() => undefined);
    request.signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await searchNeighbours(request, target, deps.clock.elapsed);
    } finally {
      request.signal.removeEventListener('abort', onAbort);
    }
  } catch (error) {
    throw request.signal.aborted ? new MigrationError('cancelled', { cause: error }) : error;
  } finally {
    await engine.close();
  }
}
