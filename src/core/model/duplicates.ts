import type { VectorIndex, VectorMetric } from './neighbours.ts';
import type { Cell, RowsColumn } from './rows.ts';

/** Two rows whose vectors are at least as similar as was asked. `a` comes before `b` in the order of the key. */
export interface DuplicatePair {
  /** Primary key as text, in key order; in a table without one the row's place (ctid). */
  readonly a: readonly string[];
  readonly b: readonly string[];
  /** As in `Neighbour`. */
  readonly similarity: number;
}

/** The table that pairs were written to, and what that did. */
export interface WrittenPairs {
  /** `schema.table`. */
  readonly table: string;
  /** Of the first row's key, of the second row's key, of the similarity. */
  readonly columns: readonly string[];
  /** The table was not there before. */
  readonly created: boolean;
  readonly inserted: number;
  /** Pairs that were there with another similarity. */
  readonly updated: number;
  readonly unchanged: number;
  /** Rows of the table that are none of these pairs; they stay as they are. */
  readonly others: number;
}

/** Rows that stand in pairs, without their vectors. */
export interface PairPayload {
  readonly columns: readonly RowsColumn[];
  /** Each row once; cells in the order of `columns`, long values cut. */
  readonly rows: readonly { readonly key: readonly string[]; readonly row: readonly Cell[] }[];
}

/** How pairs would be written to a table. */
export interface PairTablePreview {
  /** `schema.table`. */
  readonly table: string;
  /** Of the first row's key, of the second row's key, of the similarity. */
  readonly columns: readonly string[];
  /** The table is there already; else it is made. */
  readonly there: boolean;
  /** The statements that write them. */
  readonly sql: string;
}

export interface DuplicatesResult {
  /** `schema.table`. */
  readonly table: string;
  readonly column: string;
  readonly metric: VectorMetric;
  readonly threshold: number;
  /** Names of the columns that `a` and `b` of a pair hold. */
  readonly key: readonly string[];
  /** Rows with a vector. */
  readonly rows: number;
  /** The index that found the pairs; null = every row was compared with every other. */
  readonly index: VectorIndex | null;
  /** No pair can be missing. */
  readonly exact: boolean;
  /** Rows with so many near ones that they were compared with every other although an index was used. */
  readonly compared: number;
  /** Rows that were left out: a zero vector has no cosine distance. */
  readonly zeroVectors: number;
  readonly seconds: number;
  /** All pairs. */
  readonly count: number;
  /** The most similar first, then in the order of the keys; at most as many as were asked for. */
  readonly pairs: readonly DuplicatePair[];
  /** What the rows of `pairs` hold; absent unless it was asked for. */
  readonly payload?: PairPayload;
  /** null = nothing was to be written. */
  readonly into: WrittenPairs | null;
  /** Sentence for the user: how far the result can be trusted. */
  readonly warning: string | null;
}
