import type { CellDifference, RowDiscrepancy } from './discrepancy.ts';
import type { Cell } from './rows.ts';

/** One row that is not the same on both sides, whole. */
export interface ComparedRow extends RowDiscrepancy {
  /** Values in the order of RowComparison.columns: as the source stores them, and as PostgreSQL prints them; null = the row is not there. */
  readonly source: readonly Cell[] | null;
  readonly target: readonly Cell[] | null;
  readonly columns: readonly CellDifference[];
}

export interface ComparedColumn {
  /** Name in the source and in the target. */
  readonly from: string;
  readonly name: string;
  /** Declared type in the source, '' where none was declared. */
  readonly declared: string;
  /** PostgreSQL type. */
  readonly type: string;
  readonly key: boolean;
  /** Sentence: by which rule values of this column count as equal ("JSON compares by value, key order ignored."). */
  readonly rule: string;
  /** Rows that differ in this column; the same number as in the verification. */
  readonly different: number;
}

/** One table, compared cell by cell; the counts are those of a verification at the same moment. */
export interface RowComparison {
  /** `schema.table`. */
  readonly table: string;
  readonly columns: readonly ComparedColumn[];
  readonly counts: { readonly equal: number; readonly different: number; readonly missing: number; readonly extra: number };
  readonly sourceRows: number;
  readonly targetRows: number;
  /** False for tables without a key: rows are then only missing or extra. */
  readonly keyed: boolean;
  /** At most `limit` rows, sorted by key. */
  readonly rows: readonly ComparedRow[];
  /** All rows that differ are in `rows`. */
  readonly complete: boolean;
  /** Equal rows before rows[i], and after the last one (length rows + 1); null where they cannot be counted cheaply (no or composite key, incomplete list). */
  readonly folds: readonly number[] | null;
  readonly seconds: number;
}
