import { MigrationError } from '../errors.ts';
import type { IndexOnColumn } from '../target/vector-indexes.ts';
import type { NeighbourQuerySettings } from './neighbour-query.ts';

/** Candidates for each neighbour that is wanted; measured, see docs/vectors.md. */
const usualOversampling = { halfvec: 2, binary: 10, subvector: 10 } as const;
/** HNSW looks at as many anyway (hnsw.ef_search). */
const leastCandidates = 40;
/** Largest hnsw.ef_search. */
const mostCandidates = 1_000;
const mostOversampling = 100;

/** Candidates for each neighbour; 1 for an index on the column itself. */
export function oversamplingOf({ expression }: Pick<IndexOnColumn, 'expression'>): number {
  return expression === null ? 1 : usualOversampling[expression.form];
}

/** How many rows an index on an expression is asked for; null for an index on the column itself. Throws `bad-usage`. */
export function candidatesOf(index: IndexOnColumn | null, k: number, oversampling: number | null): NeighbourQuerySettings['candidates'] {
  if (oversampling !== null && !(Number.isInteger(oversampling) && oversampling >= 1 && oversampling <= mostOversampling))
    throw new MigrationError('bad-usage', {
      context: { detail: `oversampling takes a whole number from 1 to ${mostOversampling}`, hint: 'Choose another number.' },
    });
  if (index === null || index.expression === null) return null;
  const { expression } = index;
  const count = oversampling === null ? Math.max(leastCandidates, k * usualOversampling[expression.form]) : k * oversampling;
  return { expression, metric: index.metric ?? 'cosine', count: Math.min(mostCandidates, count) };
}
