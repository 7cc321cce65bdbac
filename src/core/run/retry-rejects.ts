import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError, toMigrationError } from '../errors.ts';
import type { RunResult } from '../model/run.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { mendPlan } from '../plan/mend-plan.ts';
import type { Plan } from '../plan/plan-schema.ts';
import { readCheckpoints } from '../state/checkpoint-store.ts';
import { readOpenRejects, readRejects } from '../state/reject-store.ts';
import { endStaleBackends, releaseRunLock, takeRunLock } from '../state/run-lock.ts';
import { finishRun, holdFinishedRun, type RunRecord } from '../state/run-store.ts';
import type { Target } from '../target/target.ts';
import { ControlSession } from './control-session.ts';
import { makeEffectivePlan, type EffectivePlan } from './effective-plan.ts';
import { EngineSession } from './engine-session.ts';
import { withPartitionRows } from './count-partitions.ts';
import { countExisting, finishTables, verifyRun, type FinishedTables } from './execute-run.ts';
import { checkFit } from './existing/check-fit.ts';
import { recallExisting } from './existing/existing-objects.ts';
import { checkUnchanged, freezeStore, settingsOf, sourceNamed, type FrozenSource, type FrozenSources } from './frozen-sources.ts';
import { refuseOtherSources, type HeldRun } from './hold-run.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { RetryRequest, RetryResult } from './requests.ts';
import { requireRun } from './require-run.ts';
import type { RunContext } from './run-context.ts';
import { withSeedsAdded } from './seeds/seeds-added.ts';
import { runOutcome } from './run-outcome.ts';
import { tablesWithin } from './tables-within.ts';

/**
 * `sluice rejects --retry`: the run goes on with its rejected rows under the mended plan. Reads them again, writes those that fit, verifies everything,
 * and tells the run's result anew. Throws MigrationError with the run's id; what went in before stays, and a further retry goes on behind it.
 */
export async function retryRejects(request: RetryRequest, deps: EngineDeps): Promise<RetryResult> {
  const engine = new EngineSession(deps, Math.max(2, Math.min(8, deps.processorCount)));
  try {
    const target = await engine.openTarget(request.target);
    const run = await requireRun(target, request.runId);
    if (run.result === null || (run.status !== 'partial' && run.status !== 'done'))
      throw new MigrationError('not-retryable', { context: { runId: run.runId, status: run.status } });
    return await retryRun(request, run, run.result, target, engine, deps);
  } catch (error) {
    const known = request.signal.aborted ? new MigrationError('cancelled', { cause: error }) : toMigrationError(error);
    throw new MigrationError(known.code, { context: { ...known.context, runId: request.runId }, cause: known.cause, kind: known.kind });
  } finally {
    await engine.close();
  }
}

async function retryRun(
  request: RetryRequest,
  run: RunRecord,
  before: RunResult,
  target: Target,
  engine: EngineSession,
  deps: EngineDeps,
): Promise<RetryResult> {
  const startedAt = deps.clock.elapsed();
  const { old, mended, existing } = await recallPlans(request, run, target);
  deps.emit({ type: 'phase', phase: 'open', runId: run.runId });
  const sources = await freezeRunSources(run, old.plan, engine, request, deps);
  const control = new ControlSession(target, () => engine.openTarget(request.target), request.signal);
  const context: RunContext = {
    request: asRunRequest(request, mended),
    engine,
    deps,
    effective: mended,
    existing,
    sources,
    control,
    jobs: engine.pool.size,
    startedAt,
    preflight: before.preflight,
    backups: before.backups,
  };
  refuseOtherSources(context, run);
  const held = await hold(context, run);
  if (mended.text !== old.text) await adopt(context, held, old, target.capabilities.vectorSchema);
  const retried = await retryTables(context, held);
  await checkUnchanged(sources, engine.pool, request.signal);
  deps.emit({ type: 'phase', phase: 'post-data', runId: run.runId });
  const finished = await finishTables(context, held);
  const warnings = [...before.warnings.filter(({ code }) => code !== 'orphans'), ...finished.warnings];
  const result = await tellResult(context, held, before, { ...finished, warnings });
  const { limit = null, mostBytes } = request;
  const page = { limit, ...(mostBytes === undefined ? {} : { mostBytes }) };
  const rejects = await control.use((session) => readRejects(session, run.runId, page));
  await control.use((session) => releaseRunLock(session));
  deps.emit({ type: 'done', runId: run.runId, status: result.status });
  return { runId: run.runId, status: result.status, retried, rejects, result };
}

/** The run's plan and the mended one, both in a target that has some of their tables from before the run. */
async function recallPlans(
  { plan }: RetryRequest,
  run: RunRecord,
  target: Target,
): Promise<{ readonly old: EffectivePlan; readonly mended: EffectivePlan; readonly existing: RunContext['existing'] }> {
  const { runId, overrides } = run;
  const { vectorSchema } = target.capabilities;
  const before = makeEffectivePlan(run.planText, run.planName, overrides, vectorSchema);
  if (before.plan.options.mode === 'sync') throw new MigrationError('retry-of-sync', { context: { runId } });
  const old = await recallExisting(target, before, runId);
  if (old.records.some((record) => record.isTable && !record.undo)) throw new MigrationError('run-without-undo', { context: { runId } });
  const was = await seeded(target, runId, old.effective);
  if (plan === null) return { old: was, mended: was, existing: old };
  const after = makeEffectivePlan(plan.text, plan.path, overrides, vectorSchema);
  const [mode, other] = [before.plan.options.mode, after.plan.options.mode];
  if (mode !== other) throw new MigrationError('mended-too-far', { context: { problems: [`its mode is ${other} and was ${mode}`] } });
  const mended = await recallExisting(target, after, runId);
  const { problems } = await checkFit(target, mended.effective.compiled.tables, mode === 'replace');
  if (problems.length > 0) throw new MigrationError('existing-table-unfit', { context: { target: target.label, problems } });
  return { old: was, mended: await seeded(target, runId, mended.effective), existing: mended };
}

async function seeded(target: Target, runId: string, effective: EffectivePlan): Promise<EffectivePlan> {
  const { compiled } = effective;
  return { ...effective, compiled: { ...compiled, tables: await withSeedsAdded(target, runId, compiled.tables) } };
}

/** Where the run found them, whatever the plan says by now: their content is compared with that of the run. `plan`: as it ran. */
async function freezeRunSources(
  run: RunRecord,
  plan: Plan,
  engine: EngineSession,
  { signal }: RetryRequest,
  deps: EngineDeps,
): Promise<FrozenSources> {
  const frozen = new Map<string, FrozenSource>();
  for (const [name, { location, paths }] of Object.entries(run.sources))
    frozen.set(
      name,
      await freezeStore(paths ?? location, {
        pool: engine.pool,
        deps,
        signal,
        kind: plan.sources[name]?.kind,
        settings: settingsOf(plan, name),
      }),
    );
  return frozen;
}

function asRunRequest({ runId, target, plan, signal }: RetryRequest, { text, overrides }: EffectivePlan): RunContext['request'] {
  return {
    input: { kind: 'plan', text, path: plan?.path ?? '' },
    target,
    overrides,
    createDatabase: false,
    resume: true,
    runId,
    acceptStale: true,
    dryRun: false,
    verify: true,
    redactValues: overrides.redactValues === true,
    backup: null,
    signal,
  };
}

/** The run stays `partial` meanwhile: that is what it is, also when this process dies. */
async function hold({ control }: RunContext, { runId }: RunRecord): Promise<HeldRun> {
  return control.use(async (target) => {
    await takeRunLock(target);
    await endStaleBackends(target, runId);
    return { runId, epoch: await target.transaction((session) => holdFinishedRun(session, runId)), resumed: true };
  });
}

async function adopt(context: RunContext, held: HeldRun, old: EffectivePlan, vectorSchema: string | null): Promise<void> {
  const { engine, request, effective, sources, control, deps } = context;
  const mending = mendPlan(old, effective, vectorSchema);
  deps.emit({ type: 'phase', phase: 'pre-data', runId: held.runId });
  const open = await control.use((target) => readOpenRejects(target, held.runId));
  await engine.pool.run(
    'adoptPlan',
    {
      address: engine.workerAddress(request.target, held.runId),
      snapshots: new Map([...sources].map(([name, { snapshot }]) => [name, snapshot])),
      fence: { runId: held.runId, epoch: held.epoch },
      mending,
      plan: { text: effective.text, hash: effective.hash },
      objects: [...effective.compiled.preData, ...effective.compiled.postData].map(({ object }) => object),
      rejected: new Map([...open].map(([table, rejects]) => [table, rejects.map(({ provenance }) => provenance)])),
    },
    request.signal,
  );
}

/**
 * Parents before children. Rows may wait for each other in a circle (a row that points to a rejected row of a later table), so it goes on as long as
 * something went in and the server refused something. Returns the number of rows that went in.
 */
async function retryTables(context: RunContext, held: HeldRun): Promise<number> {
  const { engine, request, effective, sources, control, deps } = context;
  deps.emit({ type: 'phase', phase: 'data', runId: held.runId });
  const open = await control.use((target) => readOpenRejects(target, held.runId));
  const meter = new ProgressMeter('data', [...open.values()].flat().length, deps);
  let retried = 0;
  for (let again = true; again;) {
    const round = { written: 0, refused: 0 };
    const left = await control.use((target) => readOpenRejects(target, held.runId));
    for (const table of effective.compiled.tables) {
      const rejects = left.get(table.label) ?? [];
      if (rejects.length === 0) continue;
      const { written, refused } = await engine.pool.run(
        'retryRows',
        {
          snapshot: sourceNamed(sources, table.source).snapshot,
          address: engine.workerAddress(request.target, held.runId),
          table,
          fence: { runId: held.runId, epoch: held.epoch },
          redactValues: effective.overrides.redactValues === true,
          rejects,
          aside: await documentsAside(context, held, table),
        },
        request.signal,
        (progress) => meter.add(progress),
      );
      round.written += written;
      round.refused += refused;
    }
    retried += round.written;
    again = round.written > 0 && round.refused > 0;
  }
  meter.end();
  return retried;
}

/** Places of what is still rejected of the tables that this one is read with and refers to: as it is now, since they come first. */
async function documentsAside(
  { effective, sources, control }: RunContext,
  held: HeldRun,
  table: CompiledTable,
): Promise<readonly string[]> {
  if (!sourceNamed(sources, table.source).snapshot.capabilities.groups) return [];
  const above = effective.compiled.tables.filter((one) => tablesWithin(one, effective.compiled.tables).includes(table));
  const open = await control.use((target) => readOpenRejects(target, held.runId));
  return above.flatMap(({ label }) => (open.get(label) ?? []).map(({ provenance }) => provenance));
}

/** Verifies both sides in full and writes the run's result anew; `partial` becomes `done` with the last reject. */
async function tellResult(context: RunContext, held: HeldRun, before: RunResult, finished: FinishedTables): Promise<RunResult> {
  const { control, deps, effective } = context;
  const verifyStart = deps.clock.elapsed();
  const verification = await verifyRun(context, held, null);
  const checkpoints = await control.use((target) => readCheckpoints(target, held.runId));
  const outcome = runOutcome(effective, checkpoints);
  const now = deps.clock.elapsed();
  const result: RunResult = {
    ...before,
    ...outcome,
    tables: await withPartitionRows(control, effective.compiled.tables, await countExisting(context, held, outcome.tables)),
    seconds: {
      ...before.seconds,
      data: before.seconds.data + (verifyStart - context.startedAt) / 1000,
      verify: (now - verifyStart) / 1000,
      total: before.seconds.total + (now - context.startedAt) / 1000,
    },
    verification,
    ...finished,
  };
  await control.use((target) =>
    finishRun(target, held.runId, { status: outcome.status, result, error: null, finishedAtMs: deps.clock.now() }),
  );
  return result;
}
