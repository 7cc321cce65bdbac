import type { CompiledTable } from '../plan/compiled-plan.ts';
import { stagedTable } from '../plan/staged-table.ts';
import { ownRowsQuery } from '../sql/existing/own-rows.ts';
import { syncedRowsQuery, syncedTable } from '../sql/existing/synced-rows.ts';
import { quoteTable } from '../sql/table-name.ts';

/**
 * COPY of the rows that the run wrote into a table that was there before, in the plan's types; of a table that is synced, all rows that are known to be as
 * the source has them. null for a table that is the run's own as a whole.
 */
export function ownTuplesSql(table: CompiledTable): string | null {
  const query = ownRows(table);
  return query === null ? null : `COPY (${query}) TO STDOUT (FORMAT binary)`;
}

/** What stands behind FROM for all rows of the run. */
export function rowsOfRun(table: CompiledTable): string {
  const query = ownRows(table);
  return query === null ? quoteTable(table.to) : `(${query}) AS own`;
}

function ownRows(table: CompiledTable): string | null {
  const staged = stagedTable(table);
  if (staged === null) return null;
  const synced = syncedTable(staged);
  return synced === null
    ? ownRowsQuery(staged, staged.written, staged.stagingTypes)
    : syncedRowsQuery(synced, staged.written, staged.stagingTypes);
}
