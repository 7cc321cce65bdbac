import { MigrationError } from '../errors.ts';
import type { Target } from '../target/target.ts';

/** "sluice" read as a number: the advisory lock that a run holds for as long as its control session lives. */
const lockKey = '127004963169125';

/**
 * One run writes to a database at a time. Where sessions exist an advisory lock says so, and dies with the process that held it;
 * the embedded target has one session and one owner, so its run row is fence enough.
 */
export async function takeRunLock(target: Target): Promise<void> {
  if (!target.capabilities.sessions) return;
  const taken = await target.query('SELECT pg_try_advisory_lock($1::text::bigint) AS taken', [lockKey]);
  if (taken.rows[0]?.['taken'] !== true) throw new MigrationError('target-busy', { context: { target: target.label } });
}

export async function releaseRunLock(target: Target): Promise<void> {
  if (!target.capabilities.sessions) return;
  await target.query('SELECT pg_advisory_unlock($1::text::bigint)', [lockKey]);
}

/** Ends what a killed run left behind on the server, so that a resume need not wait for its backends. */
export async function endStaleBackends(target: Target, runId: string): Promise<void> {
  if (!target.capabilities.sessions) return;
  await target.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = $1`,
    [workerApplicationName(runId)],
  );
}

/** Name under which the loader's sessions show in pg_stat_activity. */
export function workerApplicationName(runId: string): string {
  return `sluice ${runId}`;
}
