import type { VectorMetric } from './neighbours.ts';

/** What an index for neighbours is chosen from. */
export interface VectorIndexFacts {
  /** Unquoted. */
  readonly column: string;
  readonly type: 'vector' | 'halfvec' | 'bit';
  readonly dimensions: number;
  /** Rows with a vector; of those `zero` have no direction and `unit` are of norm 1 within a thousandth. Norms are null where nobody looked. */
  readonly vectors: number;
  readonly norms: { readonly zero: number; readonly unit: number } | null;
  /** Rows whose vector another row has as well, bit for bit; null where nobody counted. */
  readonly duplicates: number | null;
  /** How neighbours will be searched; null = nobody said. */
  readonly metric: VectorMetric | null;
  /** null = it is not known which server it will be. */
  readonly server: { readonly buildMemory: number; readonly pgvector: string | null } | null;
}

/** What an index is expected to need. Estimates, from what was measured (docs/vectors.md). */
export interface IndexEstimate {
  readonly indexBytes: number;
  /** Of maintenance_work_mem, for the build to go fast. */
  readonly buildBytes: number;
  /** Of vectors with structure, and of vectors without; measured with other programs beside it. */
  readonly buildSeconds: { readonly least: number; readonly most: number };
}

export interface IndexAdvice {
  /** none: reading every row is as fast and misses nothing, or pgvector has no index for it. */
  readonly method: 'hnsw' | 'ivfflat' | 'none';
  /** The index to make; of `none` that which more rows will need, null where there is none. */
  readonly index: AdvisedIndex | null;
  readonly metric: VectorMetric | 'hamming';
  readonly estimate: IndexEstimate | null;
  /** Of a search that reads every row. */
  readonly exactSeconds: number;
  /** One sentence each, the most important first. */
  readonly reasons: readonly string[];
  /** What else there is, and why it was not taken. */
  readonly considered: readonly { readonly choice: string; readonly reason: string }[];
}

export interface AdvisedIndex {
  readonly method: 'hnsw' | 'ivfflat';
  /** The column itself, or an expression of it. */
  readonly form: 'column' | 'halfvec' | 'binary';
  /** As SQL; the column in quotes, or the expression. */
  readonly on: string;
  readonly opclass: string;
  readonly with: Readonly<Record<string, number>>;
}
