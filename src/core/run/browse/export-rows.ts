import { rm } from 'node:fs/promises';
import { dirname, join, basename } from 'node:path';
import type { RowsView } from '../../model/rows.ts';
import { streamTargetView } from '../../rows/stream-target-view.ts';
import { writeExport, type ExportFile } from '../../rows/write-export.ts';
import { readBrowsedTable, type BrowsedTable } from '../../target/browsed-table.ts';
import { inReadOnly } from '../../target/read-only.ts';
import type { ExportRowsRequest } from '../browse-requests.ts';
import type { BrowseSession } from './browse-session.ts';
import { conditionOf } from './rows-page.ts';

/** Writes all rows of a view to a file; see createExportWriter for the formats. Throws `cannot-write-file` and `filter-refused`. */
export async function exportRows(request: ExportRowsRequest, session: BrowseSession): Promise<{ readonly rows: number }> {
  const { subject, format, path, signal } = request;
  const view = { ...request.view, filter: conditionOf(request.view.filter) };
  const file: ExportFile = { format, path, partPath: join(dirname(path), `.${basename(path)}.${session.deps.randomHex(4)}.part`) };
  if (subject.side === 'source') {
    // A thread that is given up cannot do it itself.
    const removePart = () => rm(file.partPath, { force: true }).catch(() => undefined);
    const rows = await session.withStore(subject.location, signal, ({ snapshot, catalog }) => {
      const columns = view.columns ?? catalog.tables.find(({ name }) => name === subject.table)?.columns.map(({ name }) => name) ?? [];
      return session.runTask('exportRows', { snapshot, table: subject.table, view, columns, file }, signal, removePart);
    });
    return { rows };
  }
  const rows = await session.withTarget(subject.target, signal, (target) =>
    inReadOnly(target, async (reading) => {
      const table = await readBrowsedTable(reading, subject.schema, subject.table);
      const { columns, overriding } = writtenColumns(table, view, format === 'sql');
      const batches = streamTargetView(reading, table, { ...view, columns }, signal);
      return writeExport(file, { schema: table.schema, table: table.table, columns, overriding }, batches, signal);
    }),
  );
  return { rows };
}

/** Generated columns take no values in an INSERT. */
function writtenColumns(table: BrowsedTable, view: RowsView, insert: boolean): { columns: readonly string[]; overriding: boolean } {
  const wanted = table.columns.filter(({ name }) => view.columns?.includes(name) ?? true);
  const kept = wanted.filter(({ generated }) => !(insert && generated)).map(({ name }) => name);
  const columns =
    view.columns === null ? kept : view.columns.filter((name) => kept.includes(name) || !wanted.some((column) => column.name === name));
  return { columns, overriding: wanted.some(({ always }) => always) };
}
