import type { TargetSession } from '../target/target.ts';

/** Gives the tables that a plan syncs a number of their own, unless they have one. */
export async function registerSyncedTables(session: TargetSession, plan: string, labels: readonly string[]): Promise<void> {
  await session.query(
    'INSERT INTO sluice.sync_table (plan_name, table_label) SELECT $1, label FROM unnest($2::text[]) AS label ON CONFLICT DO NOTHING',
    [plan, labels],
  );
}

/** What was known of the rows before the run holds again; also in a target that an older Sluice made. */
export async function forgetSyncedRows(session: TargetSession, runId: string): Promise<void> {
  const known = await session.query("SELECT to_regclass('sluice.row_hash') IS NOT NULL AS known");
  if (known.rows[0]?.['known'] === true) await session.query('DELETE FROM sluice.row_hash WHERE run_id = $1', [runId]);
}
