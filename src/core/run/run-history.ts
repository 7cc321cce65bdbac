import type { EngineDeps } from '../engine-deps.ts';
import type { RunSummary } from '../model/run.ts';
import type { ReportedTarget, RunReport } from '../report/run-report.ts';
import { readCheckpoints, sumCheckpoints, type Checkpoint } from '../state/checkpoint-store.ts';
import { readCreatedObjects } from '../state/created-object-store.ts';
import { readExistingObjects } from '../state/existing-object-store.ts';
import { readRejects } from '../state/reject-store.ts';
import { listRunRecords, orphansOfRun, toRunSummary, type RunRecord } from '../state/run-store.ts';
import { readStateVersion } from '../state/state-schema.ts';
import type { Target } from '../target/target.ts';
import { makeEffectivePlan, withExisting } from './effective-plan.ts';
import { EngineSession } from './engine-session.ts';
import { withExistingCounts, type ExistingCounting } from './existing/count-existing.ts';
import { requireRun } from './require-run.ts';
import { tableOutcomes } from './load-tables.ts';
import type { TargetChoice } from './requests.ts';

/** Rejects shown in a report; `sluice.reject` has all of them. */
const shownRejects = 100;

/** `sluice runs`: newest first; empty where Sluice never ran. */
export async function listRuns(choice: TargetChoice, deps: EngineDeps): Promise<readonly RunSummary[]> {
  return withTarget(choice, deps, async (target) => {
    if ((await readStateVersion(target)) === null) return [];
    const runs = await listRunRecords(target);
    const committed = await sumCheckpoints(target);
    return runs.map((run) => toRunSummary(run, committed.get(run.runId)));
  });
}

/** Everything that a report shows of one run. */
export async function readRunReport(choice: TargetChoice, runId: string, deps: EngineDeps): Promise<RunReport> {
  return withTarget(choice, deps, async (target) => {
    const run = await requireRun(target, runId);
    return toReport(choice, target, run);
  });
}

async function toReport(choice: TargetChoice, target: Target, run: RunRecord): Promise<RunReport> {
  const records = await readExistingObjects(target, run.runId);
  const found = new Set(records.map(({ label }) => label));
  const { plan, compiled } = withExisting(makeEffectivePlan(run.planText, run.planName, run.overrides), found);
  const checkpoints = await readCheckpoints(target, run.runId);
  const created = await readCreatedObjects(target, run.runId);
  return {
    runId: run.runId,
    name: run.planName,
    status: run.status,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    engineVersion: run.engineVersion,
    planHash: run.planHash,
    plan,
    sources: Object.entries(run.sources).map(([name, source]) => ({ name, ...source })),
    target: await describeTarget(choice, target, plan.target.schema),
    seconds: run.result?.seconds ?? null,
    peakRssMb: run.result?.peakRssMb ?? null,
    tables: await tablesOf(target, run, { mode: plan.options.mode, tables: compiled.tables, records }, checkpoints),
    rejects: {
      total: checkpoints.reduce((sum, checkpoint) => sum + checkpoint.rowsRejected, 0),
      shown: await readRejects(target, run.runId, { limit: shownRejects }),
    },
    verification: run.result?.verification ?? { status: 'skipped', tables: [] },
    warnings: run.result?.warnings ?? [],
    losses: run.result?.losses ?? [],
    orphans: orphansOfRun(run),
    // Results of earlier versions have neither.
    preflight: run.result?.preflight ?? null,
    backups: run.result?.backups ?? [],
    createdObjects: created,
    statements: [...compiled.preData, ...compiled.postData].map((statement) => ({ section: statement.section, sql: statement.sql })),
    error: run.error,
  };
}

/** As the run found it at its end; of one that has not ended, as its ledger stands. */
async function tablesOf(
  target: Target,
  { runId, status, result }: RunRecord,
  counting: Omit<ExistingCounting, 'runId'>,
  checkpoints: readonly Checkpoint[],
): Promise<RunReport['tables']> {
  const tables = tableOutcomes(counting.tables, checkpoints);
  if (result === null) return status === 'rolled-back' ? tables : withExistingCounts(target, { ...counting, runId }, tables);
  return tables.map((table) => {
    const { existing, partitions } = result.tables.find(({ to }) => to === table.to) ?? {};
    return { ...table, ...(existing === undefined ? {} : { existing }), ...(partitions === undefined ? {} : { partitions }) };
  });
}

async function describeTarget(choice: TargetChoice, target: Target, schema: string): Promise<ReportedTarget> {
  const version = await target.query('SHOW server_version');
  return {
    name: choice.name,
    label: target.label,
    schema,
    serverVersion: String(version.rows[0]?.['server_version']),
    vectorVersion: target.capabilities.vectorVersion,
  };
}

export async function withTarget<T>(choice: TargetChoice, deps: EngineDeps, work: (target: Target) => Promise<T>): Promise<T> {
  const engine = new EngineSession(deps, 1);
  try {
    return await work(await engine.openTarget(choice));
  } finally {
    await engine.close();
  }
}
