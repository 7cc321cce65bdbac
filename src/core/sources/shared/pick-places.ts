import { rowAt, rowsIn, type Provenance, type RowBatch } from '../../model/row-batch.ts';

/** The rows of a batch that `fits` takes, each with its own cursor and place. */
function pickRows(batch: RowBatch, fits: (row: number) => boolean): RowBatch {
  const picked = Array.from({ length: rowsIn(batch) }, (_, row) => row).filter(fits);
  return {
    rows: picked.map((row) => rowAt(batch, row)),
    cursorAt: (row) => batch.cursorAt(picked[row] ?? 0),
    provenanceAt: (row) => batch.provenanceAt(picked[row] ?? 0),
    bytes: batch.bytes,
    ...(batch.documentAt && { documentAt: (row: number) => batch.documentAt?.(picked[row] ?? 0) ?? '' }),
    ...(batch.brokenAt && { brokenAt: (row: number) => batch.brokenAt?.(picked[row] ?? 0) ?? null }),
  };
}

/** The rows at these places, batch by batch; batches without any are left out. */
export async function* pickPlaces(
  batches: AsyncIterable<RowBatch>,
  places: ReadonlySet<Provenance>,
): AsyncGenerator<RowBatch, void, undefined> {
  for await (const batch of batches) {
    const picked = pickRows(batch, (row) => places.has(batch.provenanceAt(row)));
    if (picked.rows.length > 0) yield picked;
  }
}
