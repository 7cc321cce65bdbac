import type { DuplicatesResult, PairTablePreview, WrittenPairs } from '../core/model/duplicates.ts';
import type { VectorIndex, VectorMetric } from '../core/model/neighbours.ts';
import type { CommonPanelMethods } from './panel-protocol.ts';
import type { VectorPanelSubject } from './panel-subjects.ts';

export interface DuplicatesPanelInit {
  readonly subject: VectorPanelSubject;
  readonly dimensions: number;
  readonly indexes: readonly VectorIndex[];
  /** Pairs that a search gives at most; all are counted and written. */
  readonly limit: number;
}

export interface DuplicatesPanelSearch {
  /** Least similarity of a pair. */
  readonly threshold: number;
  /** null = that of the index, cosine without one. */
  readonly metric: VectorMetric | null;
  /** Compare every row with every other, whatever index there is. */
  readonly exact: boolean;
}

/** Where pairs are to be written. */
export interface DuplicatesPanelTable {
  /** `table` or `schema.table`; without a schema that of the searched table. */
  readonly table: string;
  /** Columns of the first key, of the second key and of the similarity; null = named after the searched table. */
  readonly columns: readonly string[] | null;
}

/** Event `progress`: rows that are compared, while a search goes on. */
export interface DuplicatesPanelProgress {
  readonly rows: number;
  readonly totalRows: number | null;
  readonly secondsLeft: number | null;
}

export interface DuplicatesPanelMethods extends CommonPanelMethods {
  ready: { params: Record<string, never>; result: DuplicatesPanelInit };
  search: { params: DuplicatesPanelSearch; result: DuplicatesResult };
  previewTable: { params: DuplicatesPanelTable; result: PairTablePreview };
  /** Searches again and writes every pair, in one transaction. Asks first where the target is protected; null = the user did not go on. */
  writeTable: { params: DuplicatesPanelSearch & DuplicatesPanelTable; result: WrittenPairs | null };
  openNeighbours: { params: { readonly key: readonly string[] }; result: null };
  /** The rows of one pair or group, in the Rows panel. */
  openRows: { params: { readonly keys: readonly (readonly string[])[] }; result: null };
}

/** Kept by the page with setState. */
export interface DuplicatesPanelState {
  readonly subject: VectorPanelSubject;
  readonly search: DuplicatesPanelSearch;
  readonly grouped: boolean;
}
