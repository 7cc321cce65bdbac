import type { IndexOnColumn } from '../target/vector-indexes.ts';

const efSearch = [10, 20, 40, 80, 120, 200, 400, 800, 1_000];
const probes = [1, 2, 5, 10, 20, 50, 100, 200];
/** As many steps as are worth looking at; the last finds everything, or nearly so. */
const mostEfSearch = 400;
const oversampling = [1, 2, 5, 10, 20, 40];
/** Largest hnsw.ef_search. */
const mostCandidates = 1_000;

/** Settings of an index on the column that are worth measuring, ascending. HNSW gives no more rows than it looks at, so less than k says nothing. */
export function effortLadder({ method, options }: Pick<IndexOnColumn, 'method' | 'options'>, k: number): readonly number[] {
  if (method === 'hnsw') return efSearch.filter((value) => value >= k && (value <= mostEfSearch || value <= 2 * k));
  const lists = Number(options['lists'] ?? 100);
  const steps = probes.filter((value) => value < lists);
  return lists <= (probes.at(-1) ?? 0) ? [...steps, lists] : steps;
}

/** Candidates for each neighbour of an index on an expression. */
export function oversamplingLadder(k: number): readonly number[] {
  const fitting = oversampling.filter((value) => value * k <= mostCandidates);
  return fitting.length === 0 ? [1] : fitting;
}
