import type { VectorMetric } from '../model/neighbours.ts';
import type { IndexOnColumn } from '../target/vector-indexes.ts';

/** The metric to search with, and the index that serves it. Without a wish the metric is that of the best index, cosine when there is none. */
export function chooseIndex(
  indexes: readonly IndexOnColumn[],
  wished: VectorMetric | null,
): { readonly metric: VectorMetric; readonly index: IndexOnColumn | null } {
  const ranked = indexes
    .filter((index) => index.metric !== null && (wished === null || index.metric === wished || isOfSigns(index)))
    .sort((a, b) => cost(a) - cost(b) || (a.name < b.name ? -1 : 1));
  const index = ranked[0] ?? null;
  return { metric: wished ?? index?.metric ?? 'cosine', index };
}

/** Its candidates are ranked by the vectors themselves, whatever the distance. */
function isOfSigns({ expression }: IndexOnColumn): boolean {
  return expression?.form === 'binary';
}

/** A whole index before a partial one, HNSW before IVFFlat, what loses less before what loses more. */
function cost({ where, method, expression }: IndexOnColumn): number {
  const loses = { column: 0, halfvec: 1, binary: 2, subvector: 3 }[expression?.form ?? 'column'];
  return (where === null ? 0 : 8) + (method === 'hnsw' ? 0 : 4) + loses;
}
