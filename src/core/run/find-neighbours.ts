import type { EngineDeps } from '../engine-deps.ts';
import type { NeighboursResult } from '../model/neighbours.ts';
import { searchNeighbours } from '../vectors/search-neighbours.ts';
import type { NeighboursRequest } from './browse-requests.ts';
import { onTarget } from './on-target.ts';

/** One search on a session of its own. A panel, which searches often, passes an open target to `searchNeighbours`. Nothing is written. */
export async function findNeighbours(request: NeighboursRequest, deps: EngineDeps): Promise<NeighboursResult> {
  return onTarget(request.target, request.signal, deps, (target) => searchNeighbours(request, target, deps.clock.elapsed));
}
