import type { EngineDeps } from '../engine-deps.ts';
import type { NeighboursResult } from '../model/neighbours.ts';
import { searchNeighbours } from '../vectors/search-neighbours.ts';
import type { NeighboursRequest, TextSearchRequest } from './browse-requests.ts';
import { onTarget } from './on-target.ts';
import { textQuery } from './text-query.ts';

/** One search on a session of its own. A panel, which searches often, passes an open target to `searchNeighbours`. Nothing is written. */
export async function findNeighbours(request: NeighboursRequest | TextSearchRequest, deps: EngineDeps): Promise<NeighboursResult> {
  return onTarget(request.target, request.signal, deps, async (target) => {
    const query = request.query.kind === 'text' ? await textQuery(request as TextSearchRequest, target, deps) : request.query;
    return searchNeighbours({ ...request, query }, target, deps.clock.elapsed);
  });
}
