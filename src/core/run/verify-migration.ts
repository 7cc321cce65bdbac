import path from 'node:path';
import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import { readRefusedPlaces } from '../state/reject-store.ts';
import { findLastRun, findLastRunOfStore, readRun, type RunRecord } from '../state/run-store.ts';
import { readStateVersion } from '../state/state-schema.ts';
import { planHash } from '../plan/plan-hash.ts';
import { readPlan } from '../plan/read-plan.ts';
import type { Target } from '../target/target.ts';
import { makeEffectivePlan, type EffectivePlan } from './effective-plan.ts';
import { EngineSession } from './engine-session.ts';
import { freezeStore, freezeSources, type FrozenSource, type FrozenSources } from './frozen-sources.ts';
import type { RunOverrides, VerifyRequest, VerifyResult } from './requests.ts';
import { verifyTables } from './verify-tables.ts';

/** `sluice verify`: reads both sides again, in full. A plan need not have been run by Sluice to be verified. */
export async function verifyMigration(request: VerifyRequest, deps: EngineDeps): Promise<VerifyResult> {
  const engine = new EngineSession(deps, Math.max(2, Math.min(8, deps.processorCount)));
  try {
    const target = await engine.openTarget(request.target);
    const run = await findRun(request, target);
    const overrides: RunOverrides = {
      ...(run?.overrides as RunOverrides | undefined),
      ...(request.schema === undefined ? {} : { schema: request.schema }),
    };
    const effective = effectivePlan(request, run, overrides);
    deps.emit({ type: 'phase', phase: 'open' });
    const sources = await openSources(request, run, effective, engine, deps);
    const refused = run === null ? new Map<string, readonly string[]>() : await readRefusedPlaces(target, run.runId);
    const settings = { address: engine.workerAddress(request.target, null), checkpoints: null, refused };
    const verification = await verifyTables(effective.compiled.tables, sources, engine.pool, settings, deps, request.signal);
    return { ...verification, runId: run?.runId ?? null };
  } finally {
    await engine.close();
  }
}

async function findRun(request: VerifyRequest, target: Target): Promise<RunRecord | null> {
  const known = (await readStateVersion(target)) !== null;
  const { input } = request;
  if (input.kind === 'plan') return known ? findLastRun(target, planHash(readPlan(input.text, { path: input.path }))) : null;
  const wanted = input.kind === 'run' ? input.runId : input.path;
  const run = !known ? null : input.kind === 'run' ? await readRun(target, input.runId) : await findLastRunOfStore(target, input.path);
  if (run === null) throw new MigrationError('no-such-run', { context: { runId: wanted, target: target.label } });
  return run;
}

function effectivePlan(request: VerifyRequest, run: RunRecord | null, overrides: RunOverrides): EffectivePlan {
  if (request.input.kind === 'plan') return makeEffectivePlan(request.input.text, request.input.path, overrides);
  if (run === null) throw new MigrationError('internal', { context: { detail: 'no run' } });
  return makeEffectivePlan(run.planText, run.planName, overrides);
}

/** Sources of a plan file are relative to it; those of a run are where the run found them. */
async function openSources(
  request: VerifyRequest,
  run: RunRecord | null,
  effective: EffectivePlan,
  engine: EngineSession,
  deps: EngineDeps,
): Promise<FrozenSources> {
  if (request.input.kind === 'plan')
    return freezeSources(effective.plan, path.dirname(request.input.path), engine.pool, deps, request.signal);
  const sources = new Map<string, FrozenSource>();
  for (const [name, source] of Object.entries(run?.sources ?? {}))
    sources.set(name, await freezeStore(source.location, engine.pool, deps, request.signal));
  return sources;
}
