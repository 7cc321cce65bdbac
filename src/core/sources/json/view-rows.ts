import { basename } from 'node:path';
import { MigrationError } from '../../errors.ts';
import { cellText } from '../../model/cell-text.ts';
import type { ExportValue } from '../../model/export-value.ts';
import { plural } from '../../model/plural.ts';
import type { RowBatch } from '../../model/row-batch.ts';
import type { Cell } from '../../model/rows.ts';
import type { SourceValue } from '../../model/source-value.ts';
import { sourceCell } from '../shared/source-cell.ts';
import type { SourcePage, SourcePageRequest } from '../source.ts';

/** A page of rows in the order of the files. How many rows a document has is not known beforehand, so it is read from the beginning. */
export async function viewPage(
  { location, files }: { readonly location: string; readonly files: number },
  { offset, limit, mostCharacters }: SourcePageRequest,
  columns: readonly string[],
  read: (signal: AbortSignal) => AsyncIterable<RowBatch>,
): Promise<SourcePage> {
  const rows: (readonly Cell[])[] = [];
  let passed = 0;
  for await (const batch of read(new AbortController().signal)) {
    const from = Math.max(0, offset - passed);
    passed += batch.rows.length;
    for (const row of batch.rows.slice(from, from + limit - rows.length)) rows.push(row.map((value) => sourceCell(value, mostCharacters)));
    if (rows.length >= limit) break;
  }
  const order = files === 1 ? 'in the order of the file' : `${plural(files, 'file')} in the order of their paths`;
  return { columns, rows, sql: `-- ${basename(location)}, ${order}` };
}

/** All rows in the order of the files, whole. */
export async function* viewAll(batches: AsyncIterable<RowBatch>): AsyncGenerator<readonly (readonly ExportValue[])[], void, undefined> {
  for await (const batch of batches) yield batch.rows.map((row) => row.map(exportValue));
}

export function withoutSql(location: string): MigrationError {
  return new MigrationError('source-without-sql', { context: { path: location } });
}

/** A broken text or document with its wrong bytes as \xff. */
function exportValue(value: SourceValue): ExportValue {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return { literal: String(value) };
  return cellText(sourceCell(value, Infinity));
}
