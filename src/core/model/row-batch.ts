import type { SourceValue } from './source-value.ts';
import type { ValueVector } from './value-vector.ts';

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
  /** rows × columns, columns in the order asked for. A batch of columns makes them when they are asked for. */
  readonly rows: readonly (readonly SourceValue[])[];
  /** The same values column by column, where the source has them so. */
  readonly columns?: BatchColumns;
  /** One cursor per row: `cursorAt(i)` is the position behind row i. */
  readonly cursorAt: (row: number) => Cursor;
  readonly provenanceAt: (row: number) => Provenance;
  /** Place of the document that a row is in; of a row that is a document it is the row's own. Absent where there are no documents. */
  readonly documentAt?: (row: number) => Provenance;
  /** Approximate size of the values in bytes. */
  readonly bytes: number;
  /** What makes a row a document that cannot be read, whose values are all NULL; null = the row can be read. Absent = every row can. */
  readonly brokenAt?: (row: number) => BrokenDocument | null;
}

/** Why a document is a reject as a whole. */
export interface BrokenDocument {
  readonly code: 'unreadable-document';
  /** A sentence without its full stop, without values. */
  readonly message: string;
}

export interface BatchColumns {
  /** Rows of the batch. */
  readonly size: number;
  /** In the order of the columns asked for. */
  readonly vectors: readonly ValueVector[];
}

/** How many rows a batch has; a batch of columns stays one. */
export function rowsIn(batch: RowBatch): number {
  return batch.columns?.size ?? batch.rows.length;
}

/** The values of one row. */
export function rowAt(batch: RowBatch, row: number): readonly SourceValue[] {
  return batch.columns === undefined ? (batch.rows[row] ?? []) : batch.columns.vectors.map((vector) => vector.at(row));
}

/** A batch of columns. */
export function batchOfColumns(columns: BatchColumns, rest: Pick<RowBatch, 'cursorAt' | 'provenanceAt' | 'bytes'>): RowBatch {
  return new ColumnBatch(columns, rest);
}

class ColumnBatch implements RowBatch {
  readonly columns: BatchColumns;
  readonly cursorAt: RowBatch['cursorAt'];
  readonly provenanceAt: RowBatch['provenanceAt'];
  readonly bytes: number;
  #rows: RowBatch['rows'] | null = null;

  constructor(columns: BatchColumns, { cursorAt, provenanceAt, bytes }: Pick<RowBatch, 'cursorAt' | 'provenanceAt' | 'bytes'>) {
    this.columns = columns;
    this.cursorAt = cursorAt;
    this.provenanceAt = provenanceAt;
    this.bytes = bytes;
  }

  get rows(): RowBatch['rows'] {
    return (this.#rows ??= Array.from({ length: this.columns.size }, (_, row) => rowAt(this, row)));
  }
}
