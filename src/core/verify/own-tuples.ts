import type { CompiledTable } from '../plan/compiled-plan.ts';
import { stagedTable } from '../plan/staged-table.ts';
import { ownRowsQuery } from '../sql/existing/own-rows.ts';
import { syncedRowsQuery, syncedTable } from '../sql/existing/synced-rows.ts';
import { quoteList } from '../sql/quote.ts';
import { isSeedRow } from '../sql/seed-row.ts';
import { quoteTable } from '../sql/table-name.ts';

/**
 * COPY of the rows of the source alone: those that the run wrote into a table that was there before, in the plan's types (of a table that is synced, all
 * rows that are known to be as the source has them), or all but the seed rows; null for a table that is the source's as a whole.
 */
export function ownTuplesSql(table: CompiledTable): string | null {
  const query = ownRows(table, quoteList(table.columns.map(({ to }) => to)));
  return query === null ? null : `COPY (${query}) TO STDOUT (FORMAT binary)`;
}

/** What stands behind FROM for all rows of the source. */
export function rowsOfRun(table: CompiledTable): string {
  const query = ownRows(table, '*');
  return query === null ? quoteTable(table.to) : `(${query}) AS own`;
}

function ownRows(table: CompiledTable, columns: string): string | null {
  const staged = stagedTable(table);
  if (staged !== null) {
    const synced = syncedTable(staged);
    return synced === null
      ? ownRowsQuery(staged, staged.written, staged.stagingTypes)
      : syncedRowsQuery(synced, staged.written, staged.stagingTypes);
  }
  if (table.seeds === undefined || table.seeds.rows.length === 0) return null;
  return `SELECT ${columns} FROM ${quoteTable(table.to)} WHERE ${isSeedRow(table.seeds)} IS NOT TRUE`;
}
