import type { SourceValue } from './source-value.ts';

/** Opaque position behind a row, as text that survives JSON; only the source that made it can read it. */
export type Cursor = string;

/** Rows behind `after` (exclusive) up to `upTo` (inclusive); an absent bound is open. */
export interface KeyRange {
  readonly after?: Cursor;
  readonly upTo?: Cursor;
}

/** Where a row came from, for people: "rowid 17", "data/a.csv line 12", "doc.json /messages/3". */
export type Provenance = string;

export interface RowBatch {
  /** rows × columns, columns in the order asked for. */
  readonly rows: readonly (readonly SourceValue[])[];
  /** One cursor per row: `cursorAt(i)` is the position behind row i. */
  readonly cursorAt: (row: number) => Cursor;
  readonly provenanceAt: (row: number) => Provenance;
  /** Approximate size of the values in bytes. */
  readonly bytes: number;
}
