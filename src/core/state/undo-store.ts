import { quoteTable, type SqlTableName } from '../sql/table-name.ts';
import type { TargetSession } from '../target/target.ts';
import { forgetHeldRows } from './held-store.ts';

/** Deletes what a run remembers of the rows it wrote, or had to keep waiting, for tables that were there before. */
export async function forgetWrittenRows(session: TargetSession, runId: string): Promise<void> {
  await session.query('DELETE FROM sluice.undo WHERE run_id = $1', [runId]);
  await forgetHeldRows(session, runId);
}

export interface WriteCounts {
  readonly added: number;
  readonly overwritten: number;
  readonly deleted: number;
}

/** What a run did to the rows of each table that was there before it, by its label. */
export async function countWrites(session: TargetSession, runId: string): Promise<ReadonlyMap<string, WriteCounts>> {
  const { rows } = await session.query(
    `SELECT table_label, count(*) FILTER (WHERE digest IS NOT NULL AND before IS NULL) AS added,
            count(*) FILTER (WHERE digest IS NOT NULL AND before IS NOT NULL) AS overwritten, count(*) FILTER (WHERE digest IS NULL) AS deleted
       FROM sluice.undo WHERE run_id = $1 GROUP BY table_label`,
    [runId],
  );
  return new Map(
    rows.map((row) => [
      String(row['table_label']),
      { added: Number(row['added']), overwritten: Number(row['overwritten']), deleted: Number(row['deleted']) },
    ]),
  );
}

/** All rows, whoever wrote them. */
export async function countTableRows(session: TargetSession, table: SqlTableName): Promise<number> {
  const { rows } = await session.query(`SELECT count(*) AS rows FROM ${quoteTable(table)}`);
  return Number(rows[0]?.['rows']);
}
