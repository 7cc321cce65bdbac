import path from 'node:path';
import { MigrationError } from '../errors.ts';
import type { StoreLocation } from '../model/store-location.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { planHash } from '../plan/plan-hash.ts';
import { plannedTables } from '../plan/planned-table.ts';
import type { Plan } from '../plan/plan-schema.ts';
import { readPlan } from '../plan/read-plan.ts';
import { readRefusedPlaces } from '../state/reject-store.ts';
import { findLastRunOfStore, findRunsOfPlan, readRun, type RunRecord } from '../state/run-store.ts';
import { readStateVersion } from '../state/state-schema.ts';
import type { Target } from '../target/target.ts';
import { makeEffectivePlan, type EffectivePlan } from './effective-plan.ts';
import { locationOf } from './frozen-sources.ts';
import { recallExisting } from './existing/existing-objects.ts';
import { withSeedsAdded } from './seeds/seeds-added.ts';
import type { RunOverrides, VerifyRequest } from './requests.ts';

/** What is verified: a plan, and the runs that carried it out when the target knows them. */
export interface VerifySubject {
  /** The latest of them. */
  readonly run: RunRecord | null;
  readonly effective: EffectivePlan;
  /** Absolute, by the name that the plan gives them: paths of a plan file are relative to it, those of a run where the run found them. */
  readonly locations: ReadonlyMap<string, StoreLocation>;
  /** Places of rows that are not in the target, by table. */
  readonly refused: ReadonlyMap<string, readonly string[]>;
}

/** Throws `no-such-run` when a run or a store is named that the target does not know, and `run-without-undo` for a run whose rows cannot be told apart. */
export async function findVerifySubject(request: Omit<VerifyRequest, 'signal'>, target: Target): Promise<VerifySubject> {
  const { input } = request;
  if (input.kind === 'plan') return planSubject(request, input, target);
  const run = await findRun(input, target);
  const effective = await asRun(target, makeEffectivePlan(run.planText, run.planName, overridesOf(request, run)), run);
  const locations = new Map(Object.entries(run.sources).map(([name, source]) => [name, source.paths ?? source.location]));
  return { run, effective, locations, refused: await readRefusedPlaces(target, run.runId) };
}

type PlanFile = Extract<VerifyRequest['input'], { readonly kind: 'plan' }>;

/** A plan may have been carried out in parts: each table is verified by the latest run that loaded it. */
async function planSubject(request: Omit<VerifyRequest, 'signal'>, { text, path: file }: PlanFile, target: Target): Promise<VerifySubject> {
  const known = (await readStateVersion(target)) !== null;
  const runs = known ? lastRuns(await findRunsOfPlan(target, planHash(readPlan(text, { path: file })))) : [];
  const [run = null] = runs;
  const parts: VerifiedPart[] = [];
  for (const one of runs.length === 0 ? [null] : runs) {
    const effective = await asRun(target, makeEffectivePlan(text, file, overridesOf(request, one)), one);
    parts.push({ effective, refused: one === null ? new Map() : await readRefusedPlaces(target, one.runId) });
  }
  return { run, ...joinParts(parts), locations: plannedLocations(parts[0]?.effective.plan, path.dirname(file)) };
}

/** The latest run and, when it was of some tables only, those before it that came to their end in the same schema. */
function lastRuns(runs: readonly RunRecord[]): readonly RunRecord[] {
  const [last, ...before] = runs;
  if (last === undefined || last.overrides['tables'] === undefined) return last === undefined ? [] : [last];
  const isPart = (run: RunRecord): boolean =>
    (run.status === 'done' || run.status === 'partial') && run.overrides['schema'] === last.overrides['schema'];
  return [last, ...before.filter(isPart)];
}

interface VerifiedPart {
  readonly effective: EffectivePlan;
  readonly refused: ReadonlyMap<string, readonly string[]>;
}

/** `parts`: the latest first. */
function joinParts(parts: readonly VerifiedPart[]): VerifiedPart {
  const [last, ...before] = parts as readonly [VerifiedPart, ...VerifiedPart[]];
  if (before.length === 0) return last;
  const tables = new Map<string, { readonly table: CompiledTable; readonly refused: readonly string[] }>();
  for (const { effective, refused } of parts)
    for (const table of effective.compiled.tables)
      if (!tables.has(table.label)) tables.set(table.label, { table, refused: refused.get(table.label) ?? [] });
  const { plan, compiled, overrides } = last.effective;
  const { tables: _some, ...whole } = overrides;
  const isWhole = plannedTables(plan, plan.target.schema).every(({ label, load }) => load === null || tables.has(label));
  // Parents before children, as they were loaded.
  const loaded = [...tables.values()].toReversed().map(({ table }) => table);
  return {
    effective: {
      ...last.effective,
      compiled: { ...compiled, tables: loaded },
      overrides: isWhole ? whole : { ...overrides, tables: [...tables.keys()] },
    },
    refused: new Map([...tables].map(([label, { refused }]) => [label, refused])),
  };
}

function overridesOf({ schema }: Pick<VerifyRequest, 'schema'>, run: RunRecord | null): RunOverrides {
  return { ...(run?.overrides as RunOverrides | undefined), ...(schema === undefined ? {} : { schema }) };
}

/** Of tables that were there before the run, only the run's rows are verified, which it has to remember. */
async function asRun(target: Target, effective: EffectivePlan, run: RunRecord | null): Promise<EffectivePlan> {
  if (run === null) return effective;
  const recalled = await recallExisting(target, effective, run.runId);
  if ((run.status === 'done' || run.status === 'partial') && recalled.records.some((record) => record.isTable && !record.undo))
    throw new MigrationError('run-without-undo', { context: { runId: run.runId } });
  const { effective: known } = recalled;
  return { ...known, compiled: { ...known.compiled, tables: await withSeedsAdded(target, run.runId, known.compiled.tables) } };
}

async function findRun(input: Exclude<VerifyRequest['input'], PlanFile>, target: Target): Promise<RunRecord> {
  const known = (await readStateVersion(target)) !== null;
  const wanted = input.kind === 'run' ? input.runId : input.path;
  const run = !known ? null : input.kind === 'run' ? await readRun(target, input.runId) : await findLastRunOfStore(target, input.path);
  if (run === null) throw new MigrationError('no-such-run', { context: { runId: wanted, target: target.label } });
  return run;
}

function plannedLocations(plan: Plan | undefined, directory: string): ReadonlyMap<string, StoreLocation> {
  return new Map(Object.entries(plan?.sources ?? {}).map(([name, source]) => [name, locationOf(source.path, directory)]));
}
