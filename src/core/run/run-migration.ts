import path from 'node:path';
import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError, toErrorShape, toMigrationError } from '../errors.ts';
import type { PreflightReport } from '../model/preflight.ts';
import type { RunResult } from '../model/run.ts';
import { sumCheckpoints } from '../state/checkpoint-store.ts';
import { finishRun, type RunRecord } from '../state/run-store.ts';
import { forgetWrittenRows } from '../state/undo-store.ts';
import type { Target } from '../target/target.ts';
import { ControlSession } from './control-session.ts';
import { findEarlier } from './earlier-runs.ts';
import { makeEffectivePlan, type EffectivePlan } from './effective-plan.ts';
import { EngineSession } from './engine-session.ts';
import { executeRun } from './execute-run.ts';
import { findWatermarks, withWatermarks, type FoundWatermarks } from './existing/find-watermarks.ts';
import { findExisting, noneExisting, ofRun, recallExisting, type ExistingObjects } from './existing/existing-objects.ts';
import { findTarget, type FoundTarget } from './find-target.ts';
import { checkUnchanged, freezeSources, type Freezing, type FrozenSources } from './frozen-sources.ts';
import { planWith } from './plan-stores.ts';
import type { Found } from './preflight/finding.ts';
import { preflight } from './preflight/preflight.ts';
import { prepareBackup } from './prepare-backup.ts';
import type { RunOverrides, RunRequest } from './requests.ts';
import type { RunContext } from './run-context.ts';
import { surveyPartitions, type SurveyedPartitions } from './survey-partitions.ts';
import { beginRun, findRunToResume, type HeldRun } from './hold-run.ts';

/** How long polite cancelling may take before everything is dropped. */
const cancelGraceMs = 700;

/** `sluice run`: from plan to proof. Throws MigrationError; its context has `runId` when a run was begun. */
export async function runMigration(request: RunRequest, deps: EngineDeps): Promise<RunResult> {
  const engine = new EngineSession(deps, jobsOf(request, deps));
  const begun: BegunRun = { runId: null };
  const work = runWith(request, engine, deps, begun);
  try {
    return await withGrace(work, request.signal, engine, begun);
  } finally {
    await engine.close();
  }
}

/** Told as soon as it is known, so that even a run that is dropped in the middle can be named. */
interface BegunRun {
  runId: string | null;
}

async function runWith(request: RunRequest, engine: EngineSession, deps: EngineDeps, begun: BegunRun): Promise<RunResult> {
  const { signal } = request;
  const startedAt = deps.clock.elapsed();
  const { planned, partitioned, before, existing, marks, resumed, checked, backUp } = await lookAtStill(request, engine, deps);
  const { sources } = planned;
  const { effective } = existing;
  if (request.dryRun) return dryRunResult(existing, sources, checked, deps, startedAt);
  const backups = backUp === null ? [] : await backUp(engine.pool, signal);
  // From here on things are made.
  const control =
    before ?? openControl(await engine.openTarget(request.target, { createDatabase: request.createDatabase }), request, engine);
  const { capabilities } = control.target;
  const context: RunContext = {
    request,
    engine,
    deps,
    effective: before === null ? withWatermarks(effectivePlan(planned, resumed, partitioned, control.target), marks) : effective,
    existing,
    sources,
    control,
    jobs: jobsFor(effective, engine, capabilities.parallelConnections),
    startedAt,
    preflight: checked,
    backups,
  };
  const held = await beginRun(context, resumed);
  begun.runId = held.runId;
  const own: RunContext = { ...context, effective: ofRun(context.effective, held.runId) };
  return finishing(own, held, () => executeRun(own, held));
}

/** Everything that a run looks at before it makes anything. */
interface LookedAt {
  readonly planned: PlanOfRun;
  /** The request with what the sources say of partitions. */
  readonly partitioned: RunRequest;
  /** null: the run makes its target. */
  readonly before: ControlSession | null;
  readonly existing: ExistingObjects;
  readonly marks: FoundWatermarks['marks'];
  readonly resumed: RunRecord | null;
  /** null: a run that is resumed was checked when it began. */
  readonly checked: PreflightReport | null;
  readonly backUp: Awaited<ReturnType<typeof prepareBackup>> | null;
}

/**
 * A store that is read in place and was written to meanwhile is in use, although that could not be seen: it is looked at once more, from private copies
 * that nobody can change. Nothing is lost by that, since nothing was made yet.
 */
async function lookAtStill(request: RunRequest, engine: EngineSession, deps: EngineDeps): Promise<LookedAt> {
  let found: Promise<FoundTarget> | null = null;
  const find = (): Promise<FoundTarget> => (found ??= findTarget(request, engine));
  const copies = { pool: engine.pool, deps, copy: 'always' } as const;
  if (request.privateCopy === true) return lookAtAll(request, engine, copies, find);
  try {
    const looked = await lookAtAll(request, engine, { pool: engine.pool, deps }, find);
    await checkUnchanged(looked.planned.sources, engine.pool, request.signal);
    return looked;
  } catch (error) {
    if (!(error instanceof MigrationError) || error.code !== 'source-changed') throw error;
    deps.log.info(`${String(error.context['path'])} is written to: it is read again, from a private copy`);
    return lookAtAll(request, engine, copies, find);
  }
}

/** Stores come first: one that cannot be read must not leave a new database behind. */
async function lookAtAll(
  request: RunRequest,
  engine: EngineSession,
  freezing: Omit<Freezing, 'signal'>,
  find: () => Promise<FoundTarget>,
): Promise<LookedAt> {
  const { deps } = freezing;
  const early = await findNamedRun(request, engine, find);
  const planned = await planOfRun(request, early, freezing);
  const backUp = request.backup === null ? null : await prepareBackup(request.backup, planned.sources, deps);
  const there = await find();
  const before = there.target === null ? null : openControl(there.target, request, engine);
  const resumed = early ?? (request.resume ? await findRunToResume(before, planned.text, planned.path, request) : null);
  const first = effectivePlan(planned, resumed, request, there.target);
  const surveyed = resumed === null ? await surveyPartitions(first, planned.sources, engine.pool, deps, request.signal) : null;
  const partitioned = await withEarlier(withPartitions(request, surveyed), before, first, resumed);
  const target = withLeftOut(
    await lookAtTarget(before, partitioned === request ? first : effectivePlan(planned, resumed, partitioned, there.target), resumed),
  );
  const { marks, found } = await findWatermarks(target.effective, {
    ...{ sources: planned.sources, pool: engine.pool, deps, signal: request.signal },
    ...{ control: before, runId: resumed?.runId ?? null },
  });
  const existing = { ...target, effective: withWatermarks(target.effective, marks) };
  const { effective } = existing;
  // Preflight tells it with everything else.
  if (resumed !== null && found[0] !== undefined) throw found[0].error;
  const checked =
    resumed === null
      ? await preflight({
          ...{ ...planned, request, effective, engine, deps, control: before },
          found: [...(await there.check(effective.compiled)), ...existing.found, ...found, ...partitionsFound(surveyed, effective)],
        })
      : null;
  return { planned, partitioned, before, existing, marks, resumed, checked, backUp };
}

/** Which tables a run goes on with is known before its stores are opened: those of the others need not be there. */
async function findNamedRun(request: RunRequest, engine: EngineSession, find: () => Promise<FoundTarget>): Promise<RunRecord | null> {
  const { input, resume } = request;
  if (!resume || input.kind !== 'plan') return null;
  const { target } = await find();
  return findRunToResume(target === null ? null : openControl(target, request, engine), input.text, input.path, request);
}

/** What runs of other tables of the plan have left there. Of a resumed run it was settled when it began. */
async function withEarlier(
  request: RunRequest,
  control: ControlSession | null,
  effective: EffectivePlan,
  resumed: RunRecord | null,
): Promise<RunRequest> {
  if (control === null || resumed !== null) return request;
  const earlier = await control.use((target) => findEarlier(target, effective));
  return earlier.length === 0 ? request : { ...request, overrides: { ...request.overrides, earlier } };
}

function withLeftOut(existing: ExistingObjects): ExistingObjects {
  return { ...existing, warnings: [...existing.warnings, ...existing.effective.compiled.leftOut] };
}

/** Which partitions a resumed run has was settled when it began. */
function withPartitions(request: RunRequest, surveyed: SurveyedPartitions | null): RunRequest {
  if (surveyed === null || Object.keys(surveyed.partitions).length === 0) return request;
  return { ...request, overrides: { ...request.overrides, partitions: surveyed.partitions } };
}

/** A table that was there before has partitions of its own, whatever the plan says. */
function partitionsFound(surveyed: SurveyedPartitions | null, { compiled }: EffectivePlan): readonly Found[] {
  return compiled.tables.flatMap(({ label, existing }) => (existing === undefined ? (surveyed?.found.get(label) ?? []) : []));
}

function openControl(target: Target, { target: choice, signal }: RunRequest, engine: EngineSession): ControlSession {
  return new ControlSession(target, () => engine.openTarget(choice), signal);
}

/** How a run writes into tables that were there was settled when it began. */
function overridesOf({ overrides }: RunRequest, resumed: RunRecord | null): RunOverrides {
  if (resumed === null) return overrides;
  const { mode: _mode, undo: _undo, ...again } = overrides;
  return { ...resumed.overrides, ...again };
}

/** `target`: knows where pgvector is; null when it is not made yet. */
function effectivePlan(
  { text, path: planPath }: PlanOfRun,
  resumed: RunRecord | null,
  request: RunRequest,
  target: Target | null,
): EffectivePlan {
  const vectorSchema = target?.capabilities.vectorSchema ?? null;
  return makeEffectivePlan(resumed?.planText ?? text, planPath, overridesOf(request, resumed), vectorSchema);
}

/** `control`: null when the target is not made yet, so that nothing can be there. */
async function lookAtTarget(control: ControlSession | null, effective: EffectivePlan, resumed: RunRecord | null): Promise<ExistingObjects> {
  if (control === null) return noneExisting(effective);
  return control.use((target) => (resumed === null ? findExisting(target, effective) : recallExisting(target, effective, resumed.runId)));
}

interface PlanOfRun {
  readonly text: string;
  readonly path: string;
  readonly sources: FrozenSources;
  /** This very command has read every value and found none that the plan would turn away. */
  readonly proven: boolean;
}

async function planOfRun(request: RunRequest, resumed: RunRecord | null, freezing: Omit<Freezing, 'signal'>): Promise<PlanOfRun> {
  const { input, signal } = request;
  if (input.kind === 'plan') {
    freezing.deps.emit({ type: 'phase', phase: 'open' });
    const effective = makeEffectivePlan(input.text, input.path, overridesOf(request, resumed));
    const sources = await freezeSources(effective, path.dirname(input.path), { ...freezing, signal });
    return { text: input.text, path: input.path, sources, proven: false };
  }
  const { plan, text, sources } = await planWith(input.plan, freezing);
  const noneExpected = plan.tables.every((table) => (table.columns ?? []).every((column) => (column.expectedRejects ?? 0) === 0));
  return {
    text,
    path: path.join(input.plan.directory, 'plan.sluice.json'),
    sources,
    proven: noneExpected && input.plan.sample === undefined,
  };
}

/** Writes how the run ended, whatever ended it, and lets the error go on with the run's id. */
async function finishing(context: RunContext, held: HeldRun, work: () => Promise<RunResult>): Promise<RunResult> {
  const { control, deps, existing, request } = context;
  try {
    const result = await work();
    await control.use((target) =>
      target.transaction(async (session) => {
        const status = result.status === 'partial' ? 'partial' : 'done';
        await finishRun(session, held.runId, { status, result, error: null, finishedAtMs: deps.clock.now() });
        if (existing.records.some((record) => !record.undo)) await forgetWrittenRows(session, held.runId);
      }),
    );
    deps.emit({ type: 'done', runId: held.runId, status: result.status });
    return result;
  } catch (error) {
    const known = request.signal.aborted ? new MigrationError('cancelled', { cause: error }) : toMigrationError(error);
    const rowsCommitted = known.code === 'cancelled' ? await committedRows(context, held) : undefined;
    const named = new MigrationError(known.code, {
      context: { ...known.context, runId: held.runId, ...(rowsCommitted === undefined ? {} : { rowsCommitted }) },
      cause: known.cause,
      kind: known.kind,
    });
    const status = named.code === 'cancelled' ? 'cancelled' : 'failed';
    // The status is a courtesy: a run left "running" without its lock is known to be dead and can be resumed as well.
    await finishRun(control.target, held.runId, { status, result: null, error: toErrorShape(named), finishedAtMs: deps.clock.now() }).catch(
      () => undefined,
    );
    deps.emit({ type: 'done', runId: held.runId, status, error: toErrorShape(named) });
    throw named;
  }
}

/** What the target itself counts, now that every worker has stopped: events lag behind. Unknown when it cannot be asked any more. */
async function committedRows({ control }: RunContext, { runId }: HeldRun): Promise<number | undefined> {
  const committed = await sumCheckpoints(control.target).catch(() => null);
  return committed === null ? undefined : (committed.get(runId)?.rowsWritten ?? 0);
}

/** Resolves with the work, or rejects with `cancelled` when the work has not ended a grace time after the abort. */
async function withGrace(work: Promise<RunResult>, signal: AbortSignal, engine: EngineSession, begun: BegunRun): Promise<RunResult> {
  let timer: NodeJS.Timeout | undefined;
  const abandoned = new Promise<never>((_, reject) => {
    const onAbort = (): void => {
      timer = setTimeout(() => void engine.abandon().finally(() => reject(cancelledRun(begun))), cancelGraceMs);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  abandoned.catch(() => undefined);
  try {
    return await Promise.race([work, abandoned]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

function cancelledRun({ runId }: BegunRun): MigrationError {
  return new MigrationError('cancelled', { context: runId === null ? {} : { runId } });
}

function dryRunResult(
  { effective, warnings }: ExistingObjects,
  sources: FrozenSources,
  checked: PreflightReport | null,
  deps: EngineDeps,
  startedAt: number,
): RunResult {
  const seconds = (deps.clock.elapsed() - startedAt) / 1000;
  return {
    runId: null,
    status: 'dry-run',
    sources: Object.fromEntries([...sources].map(([name, source]) => [name, source.snapshot.location])),
    target: { schema: effective.plan.target.schema },
    seconds: { plan: seconds, preData: 0, data: 0, postData: 0, verify: 0, total: seconds },
    peakRssMb: deps.peakMemory() / 2 ** 20,
    tables: [],
    rejects: 0,
    verification: { status: 'skipped', tables: [] },
    warnings,
    losses: [],
    preflight: checked,
    backups: [],
  };
}

function jobsOf(request: RunRequest, deps: EngineDeps): number {
  return request.overrides.jobs ?? Math.min(8, Math.max(2, deps.processorCount));
}

function jobsFor(effective: EffectivePlan, engine: EngineSession, parallelConnections: number): number {
  const { jobs } = effective.plan.options;
  return Math.max(1, Math.min(jobs === 'auto' ? engine.pool.size : jobs, parallelConnections));
}
