import { setImmediate } from 'node:timers/promises';
import type { CatalogColumn } from '../../../model/catalog.ts';
import { throwIfCancelled } from '../../shared/throw-if-cancelled.ts';
import type { OpenTable } from '../document-table.ts';
import { DocumentStream } from '../document-stream.ts';
import { findRows } from '../find-rows.ts';
import type { JsonPart } from '../json-snapshot.ts';
import { columnAt, columnsOf } from './columns-of.ts';
import { Shape } from './shape.ts';

const bytesAtOnce = 2 ** 22;

/** What the rows of a table look like that only a plan names. */
export async function inferTable(
  parts: readonly JsonPart[],
  table: OpenTable,
  signal: AbortSignal,
): Promise<{ readonly columns: readonly CatalogColumn[]; readonly rows: number }> {
  const stream = new DocumentStream(parts, table.files, {});
  const shape = new Shape();
  let rows = 0;
  let passed = 0;
  throwIfCancelled(signal);
  try {
    while (stream.next()) {
      const found = stream.fault === null ? findRows(stream.tape, table.stepsAt(stream.place)) : [];
      for (const { node, wrong } of found) if (wrong === null) shape.add(stream.tape, node);
      rows += stream.fault === null ? found.length : 1;
      passed += stream.bytes;
      if (passed < bytesAtOnce) continue;
      passed = 0;
      await setImmediate();
      throwIfCancelled(signal);
    }
  } finally {
    stream.close();
  }
  const segments = new Set([...table.files].flatMap((number) => Object.keys(parts[number]!.segments)));
  const path = [...segments].map((segment) => columnAt({ segment }, segment, 'path', true));
  return { columns: [...path, ...columnsOf(shape, false).columns], rows };
}
