import type { VectorMetric } from '../model/neighbours.ts';
import type { IndexOnColumn } from '../target/vector-indexes.ts';

/** The metric to search with, and the index that serves it. Without a wish the metric is that of the best index, cosine when there is none. */
export function chooseIndex(
  indexes: readonly IndexOnColumn[],
  wished: VectorMetric | null,
): { readonly metric: VectorMetric; readonly index: IndexOnColumn | null } {
  const ranked = indexes
    .filter((index) => index.metric !== null && (wished === null || index.metric === wished))
    .sort((a, b) => cost(a) - cost(b) || (a.name < b.name ? -1 : 1));
  const index = ranked[0] ?? null;
  return { metric: wished ?? index?.metric ?? 'cosine', index };
}

/** A whole index before a partial one, HNSW before IVFFlat. */
function cost(index: IndexOnColumn): number {
  return (index.where === null ? 0 : 2) + (index.method === 'hnsw' ? 0 : 1);
}
