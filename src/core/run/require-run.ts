import { MigrationError } from '../errors.ts';
import { readRun, type RunRecord } from '../state/run-store.ts';
import { readStateVersion } from '../state/state-schema.ts';
import type { Target } from '../target/target.ts';

/** The run of that id. Throws `no-such-run`, also where Sluice never ran. */
export async function requireRun(target: Target, runId: string): Promise<RunRecord> {
  const run = (await readStateVersion(target)) === null ? null : await readRun(target, runId);
  if (run === null) throw new MigrationError('no-such-run', { context: { runId, target: target.label } });
  return run;
}
