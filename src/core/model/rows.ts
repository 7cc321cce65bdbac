import type { SourceKindName } from './source-kind.ts';

/**
 * One value as a panel shows it. Texts are what PostgreSQL (or the source) prints; `cut` says how many characters the whole value has when only its
 * beginning is here; vectors travel as numbers.
 */
export type Cell = string | null | CutCell | VectorCell;

export interface CutCell {
  readonly text: string;
  /** Characters of the whole value. */
  readonly cut: number;
}

export interface VectorCell {
  readonly dimensions: number;
  /** All components, or every n-th of them in a page of rows (for a sparkline). */
  readonly values: Float32Array;
}

export interface RowsColumn {
  readonly name: string;
  /** Declared type of a source's column, PostgreSQL type of a target's. */
  readonly type: string;
  readonly nullable: boolean;
  /** Position in the primary key from 0, null for the others. */
  readonly key: number | null;
  /** Numbers are shown on the right. */
  readonly align: 'left' | 'right';
  /** Dimensions of a vector column, 0 when they differ by row; null for other types. */
  readonly vector: number | null;
  /** Where a foreign key of this column alone leads. */
  readonly references: { readonly schema: string | null; readonly table: string; readonly column: string } | null;
}

/** What a rows panel is about. */
export interface RowsTable {
  /** `schema.table`, or the table's name in a source. */
  readonly label: string;
  readonly columns: readonly RowsColumn[];
  /** Rows as the catalog estimates them, null when nothing is known; exact counts come from `countRows`. */
  readonly estimatedRows: number | null;
  /** Foreign: filter and sort are written in this dialect. */
  readonly dialect: 'postgresql' | SourceKindName;
}

export interface RowsSort {
  readonly column: string;
  readonly descending: boolean;
}

/** A filtered and sorted look at a table. */
export interface RowsView {
  /** SQL condition as the user typed it; null = all rows. It runs inside a read-only statement. */
  readonly filter: string | null;
  readonly sort: readonly RowsSort[];
  /** Columns to read, null = all. */
  readonly columns: readonly string[] | null;
}

export interface RowsPage {
  readonly offset: number;
  /** One array per row, in the order of `columns`; fewer than asked at the end of the table. */
  readonly rows: readonly (readonly Cell[])[];
  readonly columns: readonly string[];
  /** The SQL that ran, for people; without offset and limit. */
  readonly sql: string;
  readonly seconds: number;
}

export type ExportFormat = 'csv' | 'json' | 'sql' | 'markdown';
