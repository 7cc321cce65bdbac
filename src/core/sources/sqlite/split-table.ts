import type { KeyRange } from '../../model/row-batch.ts';
import type { Connection } from '../shared/sqlite/connection.ts';
import { countRows } from './introspect-table.ts';
import { quoteName } from '../shared/quote-name.ts';
import type { TableLayout } from './table-layout.ts';

/**
 * At most `parts` ranges with about the same number of rows. Only tables with a rowid are split: evenly where the rowids are dense, else at
 * rowids found by counting (one walk through the table's keys).
 */
export function splitTable(connection: Connection, layout: TableLayout, parts: number): readonly KeyRange[] {
  if (layout.rowidName === null || parts < 2) return [{}];
  const rowid = quoteName(layout.rowidName);
  const table = quoteName(layout.name);
  const [min, max] = connection
    .prepare(`SELECT (SELECT min(${rowid}) FROM ${table}), (SELECT max(${rowid}) FROM ${table})`)
    .raw()
    .get() as [bigint | null, bigint];
  if (min === null) return [{}];
  const rows = BigInt(countRows(connection, layout.name));
  const span = max - min + 1n;
  const count = BigInt(parts) < rows ? BigInt(parts) : rows;
  const ends = span <= rows * 2n ? evenEnds(min, span, count) : countedEnds(connection, table, rowid, rows, count);
  const bounds = ends.map(String);
  return [...bounds, undefined].map((upTo, i) => ({ ...(i > 0 && { after: bounds[i - 1]! }), ...(upTo !== undefined && { upTo }) }));
}

/** Last rowid of every range but the last. */
function evenEnds(min: bigint, span: bigint, count: bigint): readonly bigint[] {
  return Array.from({ length: Number(count) - 1 }, (_, i) => min + (span * BigInt(i + 1)) / count - 1n);
}

function countedEnds(connection: Connection, table: string, rowid: string, rows: bigint, count: bigint): readonly bigint[] {
  const first = connection.prepare(`SELECT ${rowid} FROM ${table} ORDER BY ${rowid} LIMIT 1 OFFSET ?`).pluck();
  const next = connection.prepare(`SELECT ${rowid} FROM ${table} WHERE ${rowid} > ? ORDER BY ${rowid} LIMIT 1 OFFSET ?`).pluck();
  const ends: bigint[] = [];
  for (let i = 1n; i < count; i++) {
    const step = (rows * i) / count - (rows * (i - 1n)) / count - 1n;
    ends.push((ends.length === 0 ? first.get(step) : next.get(ends.at(-1)!, step)) as bigint);
  }
  return ends;
}
