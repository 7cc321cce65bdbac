import type { EngineDeps } from '../engine-deps.ts';
import type { NeighbourQuery, NeighboursResult } from '../model/neighbours.ts';
import type { Target } from '../target/target.ts';
import { formatVector } from '../vectors/parse-vector.ts';
import { searchNeighbours } from '../vectors/search-neighbours.ts';
import type { NeighboursRequest, TextSearchRequest } from './browse-requests.ts';
import { embedText } from './embed-text.ts';
import { onTarget } from './on-target.ts';

/** One search on a session of its own. A panel, which searches often, passes an open target to `searchNeighbours`. Nothing is written. */
export async function findNeighbours(request: NeighboursRequest | TextSearchRequest, deps: EngineDeps): Promise<NeighboursResult> {
  return onTarget(request.target, request.signal, deps, async (target) =>
    searchNeighbours({ ...request, query: await toQuery(request, target, deps) }, target, deps.clock.elapsed),
  );
}

async function toQuery(request: NeighboursRequest | TextSearchRequest, target: Target, deps: EngineDeps): Promise<NeighbourQuery> {
  const { query, schema, table, column, signal } = request;
  if (query.kind !== 'text') return query;
  const { endpoint, text } = query;
  return { kind: 'vector', vector: formatVector(await embedText({ ...endpoint, text, schema, table, column, signal }, target, deps)) };
}
