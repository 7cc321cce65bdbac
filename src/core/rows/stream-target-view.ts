import { MigrationError } from '../errors.ts';
import type { ExportValue } from '../model/export-value.ts';
import type { RowsView } from '../model/rows.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { BrowsedColumn, BrowsedTable } from '../target/browsed-table.ts';
import { checkFilter } from '../target/check-filter.ts';
import { toFilterError } from '../target/filter-error.ts';
import type { TargetSession } from '../target/target.ts';
import { viewSql } from './view-sql.ts';

/** Characters of a batch to aim for, and its rows at first and at most. */
const batchCharacters = 2 << 20;
const firstRows = 50;
const mostRows = 2_000;

/** All rows of a view in batches, from one cursor: one state of the table. Must run inside a transaction. Throws `filter-refused`. */
export async function* streamTargetView(
  session: TargetSession,
  table: BrowsedTable,
  view: RowsView,
  signal: AbortSignal,
): AsyncGenerator<readonly (readonly ExportValue[])[], void, undefined> {
  const { sql, columns } = viewSql(table, view);
  const texts = columns.map((column, i) => `${quoteIdentifier(column.name)}::text AS c${i}`);
  // The parameter, no limit, makes the server take it as one statement.
  const declare = `DECLARE sluice_rows NO SCROLL CURSOR FOR SELECT ${texts.join(', ') || '1 AS one'} FROM (${sql} LIMIT $1::text::bigint) AS page`;
  if (view.filter !== null) await checkFilter(session, table, view.filter);
  try {
    await session.query(declare, [null]);
    for (let count = firstRows; ;) {
      if (signal.aborted) throw new MigrationError('cancelled');
      const { rows } = await session.query(`FETCH FORWARD ${count} FROM sluice_rows`);
      if (rows.length === 0) return;
      let characters = 1;
      for (const row of rows) for (const value of Object.values(row)) characters += typeof value === 'string' ? value.length : 0;
      yield rows.map((row) => columns.map((column, i) => toExportValue(row[`c${i}`] as string | null, column)));
      count = Math.max(1, Math.min(mostRows, Math.floor((batchCharacters * rows.length) / characters)));
    }
  } catch (error) {
    throw toFilterError(error, view.filter);
  }
}

function toExportValue(text: string | null, column: BrowsedColumn): ExportValue {
  if (text === null) return null;
  if (column.vector !== null) return { literal: text };
  if (!column.literal || /^-?(Infinity|NaN)$/.test(text)) return text;
  // An integer beyond 2^53 would be rounded by most readers of JSON.
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text)) ? text : { literal: text };
}
