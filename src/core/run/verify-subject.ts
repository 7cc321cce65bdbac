import path from 'node:path';
import { MigrationError } from '../errors.ts';
import type { StoreLocation } from '../model/store-location.ts';
import { planHash } from '../plan/plan-hash.ts';
import { readPlan } from '../plan/read-plan.ts';
import { findLastRun, findLastRunOfStore, readRun, type RunRecord } from '../state/run-store.ts';
import { readStateVersion } from '../state/state-schema.ts';
import type { Target } from '../target/target.ts';
import { makeEffectivePlan, type EffectivePlan } from './effective-plan.ts';
import { locationOf } from './frozen-sources.ts';
import { recallExisting } from './existing/existing-objects.ts';
import type { RunOverrides, VerifyRequest } from './requests.ts';

/** What is verified: a plan, and the run that carried it out when the target knows one. */
export interface VerifySubject {
  readonly run: RunRecord | null;
  readonly effective: EffectivePlan;
  /** Absolute, by the name that the plan gives them: paths of a plan file are relative to it, those of a run where the run found them. */
  readonly locations: ReadonlyMap<string, StoreLocation>;
}

/** Throws `no-such-run` when a run or a store is named that the target does not know, and `run-without-undo` for a run whose rows cannot be told apart. */
export async function findVerifySubject(request: Omit<VerifyRequest, 'signal'>, target: Target): Promise<VerifySubject> {
  const run = await findRun(request.input, target);
  const overrides: RunOverrides = {
    ...(run?.overrides as RunOverrides | undefined),
    ...(request.schema === undefined ? {} : { schema: request.schema }),
  };
  const { input } = request;
  if (input.kind === 'plan') {
    const effective = await asRun(target, makeEffectivePlan(input.text, input.path, overrides), run);
    return { run, effective, locations: plannedLocations(effective, path.dirname(input.path)) };
  }
  if (run === null) throw new MigrationError('internal', { context: { detail: 'no run' } });
  const locations = new Map(Object.entries(run.sources).map(([name, source]) => [name, source.paths ?? source.location]));
  return { run, effective: await asRun(target, makeEffectivePlan(run.planText, run.planName, overrides), run), locations };
}

/** Of tables that were there before the run, only the run's rows are verified, which it has to remember. */
async function asRun(target: Target, effective: EffectivePlan, run: RunRecord | null): Promise<EffectivePlan> {
  if (run === null) return effective;
  const recalled = await recallExisting(target, effective, run.runId);
  if ((run.status === 'done' || run.status === 'partial') && recalled.records.some((record) => record.isTable && !record.undo))
    throw new MigrationError('run-without-undo', { context: { runId: run.runId } });
  return recalled.effective;
}

async function findRun(input: VerifyRequest['input'], target: Target): Promise<RunRecord | null> {
  const known = (await readStateVersion(target)) !== null;
  if (input.kind === 'plan') return known ? findLastRun(target, planHash(readPlan(input.text, { path: input.path }))) : null;
  const wanted = input.kind === 'run' ? input.runId : input.path;
  const run = !known ? null : input.kind === 'run' ? await readRun(target, input.runId) : await findLastRunOfStore(target, input.path);
  if (run === null) throw new MigrationError('no-such-run', { context: { runId: wanted, target: target.label } });
  return run;
}

function plannedLocations({ plan }: EffectivePlan, directory: string): ReadonlyMap<string, StoreLocation> {
  return new Map(Object.entries(plan.sources).map(([name, source]) => [name, locationOf(source.path, directory)]));
}
