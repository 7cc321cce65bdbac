import { MigrationError } from '../errors.ts';
import type { Cell, RowsView } from '../model/rows.ts';
import { readBrowsedTable } from '../target/browsed-table.ts';
import { checkFilter } from '../target/check-filter.ts';
import { toFilterError } from '../target/filter-error.ts';
import { inReadOnly } from '../target/read-only.ts';
import type { Target } from '../target/target.ts';
import { cellsSql, readCell, type CellLimits } from './cell-sql.ts';
import { countSql, viewSql } from './view-sql.ts';

export interface TargetRowsPage {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly sql: string;
}

export interface TableAddress {
  readonly schema: string;
  readonly table: string;
}

/** Some rows of a view. Throws `filter-refused`, `no-such-target-table`, `no-such-target-column` or what the server says. */
export function readTargetPage(
  target: Target,
  address: TableAddress,
  view: RowsView,
  place: { readonly offset: number; readonly limit: number },
  limits: CellLimits,
): Promise<TargetRowsPage> {
  return inReadOnly(target, async (session) => {
    const { sql, columns } = viewSql(await readBrowsedTable(session, address.schema, address.table), view);
    if (view.filter !== null) await checkFilter(session, address, view.filter);
    const query = cellsSql(`${sql} LIMIT $1::text::bigint OFFSET $2::text::bigint`, columns, limits);
    try {
      const { rows } = await session.query(query, [String(place.limit), String(place.offset)]);
      return {
        sql,
        columns: columns.map(({ name }) => name),
        rows: rows.map((row) => columns.map((column, i) => readCell(row[`c${i}`] as string | null, column))),
      };
    } catch (error) {
      throw toFilterError(error, view.filter);
    }
  });
}

/** Rows that fulfil a condition, null = all. Throws as `readTargetPage` does. */
export function countTargetRows(target: Target, address: TableAddress, filter: string | null): Promise<number> {
  return inReadOnly(target, async (session) => {
    const sql = countSql(await readBrowsedTable(session, address.schema, address.table), filter);
    if (filter !== null) await checkFilter(session, address, filter);
    try {
      const count = Number((await session.query(sql, ['1'])).rows[0]?.['rows']);
      if (Number.isFinite(count)) return count;
      throw new MigrationError('internal', { context: { detail: 'the server counted nothing' } });
    } catch (error) {
      throw toFilterError(error, filter);
    }
  });
}
