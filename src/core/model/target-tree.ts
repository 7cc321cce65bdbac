import type { VectorIndex } from './neighbours.ts';
import type { RowsColumn } from './rows.ts';

/** What a target holds, for a tree: names, sizes and estimates only, one query each. */
export interface TargetTree {
  /** "15.18". */
  readonly serverVersion: string;
  /** Installed version of pgvector; null when it is not installed. */
  readonly vectorVersion: string | null;
  /** Version that could be installed. */
  readonly vectorAvailable: string | null;
  readonly schemas: readonly TargetSchema[];
}

export interface TargetSchema {
  readonly name: string;
  /** Bytes of all tables with indexes. */
  readonly bytes: number;
  readonly tables: readonly TargetTable[];
}

export interface TargetTable {
  readonly name: string;
  readonly kind: 'table' | 'partitioned' | 'view' | 'materialized-view' | 'foreign';
  /** Estimate of the server, null when it was never analysed. */
  readonly estimatedRows: number | null;
  /** With indexes. */
  readonly bytes: number;
}

export interface TargetTableDetails {
  readonly columns: readonly (RowsColumn & { readonly vectorIndexes: readonly VectorIndex[]; readonly default: string | null })[];
  readonly constraints: readonly {
    readonly name: string;
    readonly kind: 'primary-key' | 'unique' | 'check' | 'foreign-key';
    readonly definition: string;
    readonly valid: boolean;
  }[];
  readonly indexes: readonly {
    readonly name: string;
    readonly method: string;
    readonly definition: string;
    readonly bytes: number;
    readonly valid: boolean;
  }[];
}
