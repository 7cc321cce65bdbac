import type { TargetSession } from '../target/target.ts';

/** Deletes what a run remembers of the rows it wrote into tables that were there before. */
export async function forgetWrittenRows(session: TargetSession, runId: string): Promise<void> {
  await session.query('DELETE FROM sluice.undo WHERE run_id = $1', [runId]);
}
