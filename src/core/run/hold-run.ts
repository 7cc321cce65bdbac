import { MigrationError } from '../errors.ts';
import { planHash } from '../plan/plan-hash.ts';
import { readPlan } from '../plan/read-plan.ts';
import { endStaleBackends, takeRunLock } from '../state/run-lock.ts';
import { insertExistingObjects } from '../state/existing-object-store.ts';
import { findUnfinishedRun, insertRun, keepValuesOut, raiseEpoch, readRun, type RunRecord, type RunSource } from '../state/run-store.ts';
import { ensureStateSchema, readStateVersion } from '../state/state-schema.ts';
import type { Fence } from '../state/checkpoint-store.ts';
import type { ControlSession } from './control-session.ts';
import type { RunRequest } from './requests.ts';
import type { RunContext } from './run-context.ts';

/** A run that this process holds: nobody else can move its checkpoints. */
export interface HeldRun extends Fence {
  readonly resumed: boolean;
}

/** The run that `--resume` means: the one named, or the latest unfinished one of the same plan. */
export async function findRunToResume(
  control: ControlSession | null,
  text: string,
  planPath: string,
  request: RunRequest,
): Promise<RunRecord> {
  // A target that is not made yet remembers nothing.
  if (control === null) throw new MigrationError('nothing-to-resume', { context: { target: request.target.name } });
  return control.use(async (target) => {
    const none = new MigrationError('nothing-to-resume', {
      context: { ...(request.runId === null ? {} : { runId: request.runId }), target: target.label },
    });
    if ((await readStateVersion(target)) === null) throw none;
    const hash = planHash(readPlan(text, { path: planPath }));
    const run = request.runId === null ? await findUnfinishedRun(target, hash) : await readRun(target, request.runId);
    if (run === null) throw none;
    if (run.planHash !== hash) throw new MigrationError('run-of-other-plan', { context: { runId: run.runId, plan: run.planName } });
    if (run.status === 'done' || run.status === 'partial' || run.status === 'rolled-back') {
      throw new MigrationError('run-finished', { context: { runId: run.runId, status: run.status } });
    }
    return run;
  });
}

/** Takes the lock and either begins a new run or takes an unfinished one over. */
export async function beginRun(context: RunContext, resumed: RunRecord | null): Promise<HeldRun> {
  if (resumed !== null) refuseOtherSources(context, resumed);
  return context.control.use(async (target) => {
    await takeRunLock(target);
    if (resumed === null) return begin(context);
    await endStaleBackends(target, resumed.runId);
    const epoch = await target.transaction(async (session) => {
      // An older Sluice may have begun the run.
      await ensureStateSchema(session);
      if (context.request.redactValues) await keepValuesOut(session, resumed.runId);
      return raiseEpoch(session, resumed.runId);
    });
    return { runId: resumed.runId, epoch, resumed: true };
  });
}

async function begin(context: RunContext): Promise<HeldRun> {
  const { control, deps, effective, existing, sources } = context;
  const runId = `r-${deps.randomHex(6)}`;
  await control.target.transaction(async (session) => {
    const createdSchema = await ensureStateSchema(session);
    await insertRun(session, {
      runId,
      epoch: 1,
      planName: effective.plan.name,
      planHash: effective.hash,
      planText: effective.text,
      overrides: { ...effective.overrides, ...(context.request.redactValues ? { redactValues: true } : {}) },
      sources: Object.fromEntries(
        [...sources].map(([name, { snapshot }]): [string, RunSource] => [
          name,
          {
            kind: snapshot.kind,
            location: snapshot.location,
            ...(snapshot.paths !== undefined && { paths: snapshot.paths }),
            fingerprint: snapshot.fingerprint,
          },
        ]),
      ),
      status: 'running',
      phase: 'pre-data',
      startedAtMs: deps.clock.now(),
      engineVersion: deps.engineVersion,
      createdSchema,
    });
    await insertExistingObjects(session, runId, existing.records);
  });
  return { runId, epoch: 1, resumed: false };
}

/** Half of the rows from one state of a store and half from another would be a lie. */
export function refuseOtherSources(context: Pick<RunContext, 'sources'>, run: RunRecord): void {
  for (const [name, { snapshot }] of context.sources) {
    if (run.sources[name]?.fingerprint !== snapshot.fingerprint) {
      throw new MigrationError('source-changed-since', { context: { source: name, path: snapshot.location, runId: run.runId } });
    }
  }
}
