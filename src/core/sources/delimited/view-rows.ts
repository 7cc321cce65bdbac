import { basename } from 'node:path';
import { MigrationError } from '../../errors.ts';
import { cellText } from '../../model/cell-text.ts';
import type { ExportValue } from '../../model/export-value.ts';
import type { RowBatch } from '../../model/row-batch.ts';
import type { Cell, RowsView } from '../../model/rows.ts';
import type { SourceValue } from '../../model/source-value.ts';
import { sourceCell } from '../shared/source-cell.ts';
import type { ReadOptions, SourcePage, SourcePageRequest } from '../source.ts';
import { writeCursor } from './delimited-cursor.ts';
import type { DelimitedTable } from './delimited-snapshot.ts';

type ReadRows = (options: ReadOptions) => AsyncIterable<RowBatch>;

/** A page of rows in the order of the files, from the nearest mark on. Throws `source-without-sql` for a filter or a sort. */
export async function viewPage(table: DelimitedTable, location: string, request: SourcePageRequest, read: ReadRows): Promise<SourcePage> {
  const { view, offset, limit, mostCharacters } = request;
  const columns = columnsOf(table, location, view);
  const number = Math.max(
    0,
    table.parts.findLastIndex(({ firstRow }) => firstRow <= offset),
  );
  const { marks, firstRow } = table.parts[number]!;
  const mark = marks.findLast(({ row }) => firstRow + row <= offset) ?? marks[0]!;
  const rows: (readonly Cell[])[] = [];
  let passed = firstRow + mark.row;
  const { signal } = new AbortController();
  for await (const batch of read({ after: writeCursor({ part: number, ...mark }), columns, signal })) {
    const from = Math.max(0, offset - passed);
    passed += batch.rows.length;
    for (const row of batch.rows.slice(from, from + limit - rows.length)) rows.push(row.map((value) => sourceCell(value, mostCharacters)));
    if (rows.length >= limit) break;
  }
  const order = table.parts.length === 1 ? 'in the order of the file' : `${table.parts.length} files in the order of their paths`;
  return { columns, rows, sql: `-- ${basename(location)}, ${order}` };
}

/** All rows in the order of the files, whole. Throws `source-without-sql` for a filter or a sort. */
export async function* viewAll(
  table: DelimitedTable,
  location: string,
  view: RowsView,
  read: (columns: readonly string[]) => AsyncIterable<RowBatch>,
): AsyncGenerator<readonly (readonly ExportValue[])[], void, undefined> {
  for await (const batch of read(columnsOf(table, location, view))) yield batch.rows.map((row) => row.map(exportValue));
}

export function withoutSql(location: string): MigrationError {
  return new MigrationError('source-without-sql', { context: { path: location } });
}

function columnsOf(table: DelimitedTable, location: string, { filter, sort, columns }: RowsView): readonly string[] {
  if (filter !== null || sort.length > 0) throw withoutSql(location);
  return columns ?? table.columns;
}

/** A broken text or record with its wrong bytes as \xff. */
function exportValue(value: SourceValue): ExportValue {
  if (value === null || typeof value === 'string') return value;
  return cellText(sourceCell(value, Infinity));
}
