import type { CatalogColumn } from '../../../model/catalog.ts';
import { throwIfCancelled } from '../../shared/throw-if-cancelled.ts';
import { Turns } from '../../shared/turns.ts';
import type { OpenTable } from '../document-table.ts';
import { DocumentStream } from '../document-stream.ts';
import { findRows } from '../find-rows.ts';
import type { DocumentFiles } from '../document-files.ts';
import { columnAt, columnsOf } from './columns-of.ts';
import { Shape } from './shape.ts';

/** What the rows of a table look like that only a plan names. */
export async function inferTable(
  files: DocumentFiles,
  table: OpenTable,
  signal: AbortSignal,
): Promise<{ readonly columns: readonly CatalogColumn[]; readonly rows: number }> {
  const stream = new DocumentStream(files, table.files, {});
  const shape = new Shape();
  let rows = 0;
  const turns = new Turns(signal);
  throwIfCancelled(signal);
  try {
    while (stream.next()) {
      const found = stream.fault === null ? findRows(stream.tape, table.stepsAt(stream.place)) : [];
      for (const { node, wrong } of found) if (wrong === null) shape.add(stream.tape, node);
      rows += stream.fault === null ? found.length : 1;
      if (turns.spend(stream.cost)) await turns.take();
    }
  } finally {
    stream.close();
  }
  const path = segmentNames(files, table).map((segment) => columnAt({ segment }, segment, 'path', true));
  return { columns: [...path, ...columnsOf(shape, 'none').columns], rows };
}

/** Parts of the path that one of the table's files has. */
function segmentNames(files: DocumentFiles, table: OpenTable): readonly string[] {
  for (const number of table.files) {
    const names = Object.keys(files.segmentsAt(number));
    if (names.length > 0) return names;
  }
  return [];
}
