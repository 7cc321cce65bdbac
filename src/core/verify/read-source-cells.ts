import { MigrationError } from '../errors.ts';
import { rowAt, rowsIn, type Provenance } from '../model/row-batch.ts';
import type { Cell } from '../model/rows.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { sourceCell } from '../sources/shared/source-cell.ts';
import type { Source } from '../sources/source.ts';

/** Rows of the source at some places, their values as the store has them, columns in the order of the plan; stops when all are found. */
export async function readSourceCells(
  source: Source,
  table: CompiledTable,
  places: ReadonlySet<Provenance>,
  mostCharacters: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<Provenance, readonly Cell[]>> {
  const found = new Map<Provenance, readonly Cell[]>();
  if (places.size === 0) return found;
  for await (const batch of source.readBatches(table.from, { columns: table.columns.map(({ from }) => from), signal })) {
    if (signal.aborted) throw new MigrationError('cancelled');
    const size = rowsIn(batch);
    for (let row = 0; row < size; row++) {
      const place = batch.provenanceAt(row);
      if (places.has(place))
        found.set(
          place,
          rowAt(batch, row).map((value) => sourceCell(value, mostCharacters)),
        );
    }
    if (found.size === places.size) break;
  }
  return found;
}
