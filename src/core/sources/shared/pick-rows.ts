import type { RowBatch } from '../../model/row-batch.ts';

/** The rows of a batch that `fits` takes, each with its own cursor and place. */
export function pickRows(batch: RowBatch, fits: (row: number) => boolean): RowBatch {
  const picked = batch.rows.flatMap((_, row) => (fits(row) ? [row] : []));
  return {
    rows: picked.map((row) => batch.rows[row] ?? []),
    cursorAt: (row) => batch.cursorAt(picked[row] ?? 0),
    provenanceAt: (row) => batch.provenanceAt(picked[row] ?? 0),
    bytes: batch.bytes,
  };
}
