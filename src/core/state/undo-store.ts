import type { TargetSession } from '../target/target.ts';
import { forgetHeldRows } from './held-store.ts';

/** Deletes what a run remembers of the rows it wrote, or had to keep waiting, for tables that were there before. */
export async function forgetWrittenRows(session: TargetSession, runId: string): Promise<void> {
  await session.query('DELETE FROM sluice.undo WHERE run_id = $1', [runId]);
  await forgetHeldRows(session, runId);
}
