import type { Cell, RowsColumn } from './rows.ts';

export type VectorMetric = 'cosine' | 'l2' | 'ip' | 'l1';

export type NeighbourQuery =
  /** The row with this key (as in `Neighbour`), values as text in key order. The row itself is left out of its neighbours. */
  | { readonly kind: 'row'; readonly key: readonly string[] }
  /** A vector as it was pasted, e.g. "[0.1, 0.2]". */
  | { readonly kind: 'vector'; readonly vector: string };

export interface Neighbour {
  /** Primary key as text; in a table without one the row's place (ctid), which changes when the row is written. */
  readonly key: readonly string[];
  /** 1 + rows that are nearer, whichever list this one is in; rows at the same distance share it. null when it was not looked for, or beyond 10,000. */
  readonly exactRank: number | null;
  /** As pgvector's operator gives it, with inner product negated back. */
  readonly distance: number;
  /** cosine: 1 - distance; ip: the product itself; l2 and l1: 1 / (1 + distance). */
  readonly similarity: number;
  /** In the order of NeighboursResult.columns. */
  readonly row: readonly Cell[];
}

export interface NeighbourList {
  readonly seconds: number;
  readonly neighbours: readonly Neighbour[];
}

export interface VectorIndex {
  readonly name: string;
  readonly method: 'hnsw' | 'ivfflat';
  /** What it is, for people: "hnsw", "hnsw binary-quantised", "hnsw half precision", "hnsw first 1024". */
  readonly label: string;
  /** e.g. vector_cosine_ops. */
  readonly opclass: string;
  readonly metric: VectorMetric | null;
  /** e.g. { m: "16", ef_construction: "64" }. */
  readonly options: Readonly<Record<string, string>>;
  readonly bytes: number;
}

/** A vector column, before anything is searched. */
export interface VectorColumnSummary {
  /** As declared; 0 when each row may have its own. */
  readonly dimensions: number;
  /** Payload columns: everything but vectors. */
  readonly columns: readonly RowsColumn[];
  /** HNSW and IVFFlat indexes on the column, by name. */
  readonly indexes: readonly VectorIndex[];
  /** Key of the first row with a vector, null when there is none. */
  readonly firstKey: readonly string[] | null;
}

/** Exact neighbours, and those that the index finds, of one query. */
export interface NeighboursResult {
  /** `schema.table`. */
  readonly table: string;
  readonly column: string;
  readonly dimensions: number;
  readonly metric: VectorMetric;
  /** Rows of the table with a vector. */
  readonly rows: number;
  /** Payload columns: everything but vectors. */
  readonly columns: readonly RowsColumn[];
  readonly query: {
    readonly vector: Float32Array;
    readonly norm: number;
    readonly row: readonly Cell[] | null;
    readonly key: readonly string[] | null;
  };
  /** Empty when the comparison was not asked for and an index serves the metric. */
  readonly exact: NeighbourList;
  /** null when no index serves this metric. */
  readonly indexed:
    | (NeighbourList & {
        readonly index: VectorIndex;
        /** EXPLAIN says that the index was scanned. */ readonly used: boolean;
        /** Rows that an index on an expression was asked for before they were ranked by the vectors themselves; null for an index on the column. */ readonly candidates:
          number | null;
      })
    | null;
  /** Share of the exact neighbours that the index found, 0 to 1; ties in distance count as found. */
  readonly recall: number | null;
  /** ef_search or probes as they were in force, null without an index. */
  readonly setting: { readonly name: 'hnsw.ef_search' | 'ivfflat.probes'; readonly value: number } | null;
  /** The SQL of the indexed query (of the exact one without an index). */
  readonly sql: string;
  /** Sentence for the user when the index was not used or does not exist. */
  readonly warning: string | null;
}
