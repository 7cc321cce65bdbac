import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { countDocumentRows } from './count-documents.ts';
import type { RunResult } from '../../src/core/index.ts';
import type { TableOutcome } from '../../src/core/model/run.ts';
import { quoteLiteral } from '../../src/core/sql/quote.ts';

type Rows = readonly Record<string, unknown>[];
type Query = (sql: string) => Promise<Rows>;

/** Rows of the tables of a store, counted by nobody of ours. */
export type CountRows = (location: string, tables: readonly string[]) => readonly (readonly [string, number])[];

/** Per table of a run, what the target itself remembers: rows read, written and rejected, and the rejects that are kept. */
export function stateRows(runId: string, query: Query): Promise<Rows> {
  return query(
    `SELECT t.table_label AS label,
       (SELECT coalesce(sum(rows_read), 0)::text FROM sluice.checkpoint c WHERE c.run_id = t.run_id AND c.table_label = t.table_label) AS read,
       (SELECT coalesce(sum(rows_written), 0)::text FROM sluice.checkpoint c WHERE c.run_id = t.run_id AND c.table_label = t.table_label) AS written,
       (SELECT coalesce(sum(rows_rejected), 0)::text FROM sluice.checkpoint c WHERE c.run_id = t.run_id AND c.table_label = t.table_label) AS rejected,
       (SELECT count(*)::text FROM sluice.reject r WHERE r.run_id = t.run_id AND r.table_label = t.table_label AND r.retried_in IS NULL) AS kept
     FROM sluice.run_table t WHERE t.run_id = ${quoteLiteral(runId)} ORDER BY t.ordinal`,
  );
}

/** Source rows = loaded + rejected, for every table: in what a run or a report says, in the state tables, and as the stores themselves count. */
export function assertRowsAccounted(
  tables: readonly TableOutcome[],
  state: Rows,
  stores: RunResult['sources'],
  count: CountRows = countSourceRows,
): void {
  assertRowsAddUp(tables);
  assert.deepEqual(
    state.map((row) => ({ ...row })),
    tables.map(({ to, rowsRead, rowsWritten, rowsRejected }) => ({
      label: to,
      read: String(rowsRead),
      written: String(rowsWritten),
      rejected: String(rowsRejected),
      kept: String(rowsRejected),
    })),
    'the state tables tell the same numbers as the run',
  );
  for (const [name, location] of Object.entries(stores)) {
    // Of a table with a watermark only the rows from a value on are read.
    const own = tables.filter(({ source, watermark }) => source === name && (watermark?.since ?? null) === null);
    assert.deepEqual(
      own.map(({ from, rowsRead }) => [from, rowsRead]),
      count(
        location,
        own.map(({ from }) => from),
      ),
      `every row of ${name} was read`,
    );
  }
}

export function assertRowsAddUp(tables: readonly TableOutcome[]): void {
  for (const { to, rowsRead, rowsWritten, rowsRejected, existing } of tables) {
    const unchanged = existing?.unchanged ?? 0;
    const parts = `${rowsWritten} written + ${rowsRejected} rejected + ${unchanged} unchanged`;
    assert.equal(rowsRead, rowsWritten + rowsRejected + unchanged, `${to}: ${rowsRead} rows read = ${parts}`);
  }
}

/** Counted in a copy, since opening a store in WAL mode would leave files beside it. */
function countSourceRows(location: string, tables: readonly string[]): readonly (readonly [string, number])[] {
  if (statSync(location).isDirectory()) return countDocumentRows(location, tables);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-count-'));
  try {
    const copy = join(folder, 'store.db');
    copyFileSync(location, copy);
    for (const pending of ['-wal', '-journal']) if (existsSync(location + pending)) copyFileSync(location + pending, copy + pending);
    const database = new Database(copy);
    const count = (table: string): number =>
      database
        .prepare<[], number>(`SELECT count(*) FROM "${table.replaceAll('"', '""')}"`)
        .pluck()
        .get() ?? NaN;
    const counts = tables.map((table) => [table, count(table)] as const);
    database.close();
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
