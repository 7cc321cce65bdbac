import type { VectorIndex, VectorMetric } from './neighbours.ts';

/** What buys recall: how many rows an index looks at, or how many candidates an index on an expression gives. */
export type RecallSetting = 'hnsw.ef_search' | 'ivfflat.probes' | 'oversampling';

export interface RecallPoint {
  readonly value: number;
  /** Mean of the sampled rows, 0 to 1. */
  readonly recall: number;
  /** Standard error of that mean: other rows than the sampled ones may find less. */
  readonly error: number;
  /** Mean of one search through the index. */
  readonly seconds: number;
  /** Sampled rows for which the planner used the index. */
  readonly used: number;
}

/** Recall of an index at several settings, over sampled rows. */
export interface RecallCurve {
  readonly metric: VectorMetric;
  readonly k: number;
  readonly index: VectorIndex;
  readonly setting: RecallSetting;
  /** Rows that were searched from, and what chose them: the same seed chooses the same rows of the same table. */
  readonly sample: { readonly rows: number; readonly of: number; readonly seed: number; readonly keys: readonly (readonly string[])[] };
  /** Ascending by value. */
  readonly points: readonly RecallPoint[];
  /** The least value whose recall is at least `wanted`, with room for the error of sampling; null when none of them reaches it. */
  readonly suggested: number | null;
  readonly wanted: number;
  /** Mean of one search that reads every row. */
  readonly exactSeconds: number;
  readonly warning: string | null;
}
