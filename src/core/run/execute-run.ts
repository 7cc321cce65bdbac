import type { Phase } from '../engine-deps.ts';
import type { Verification } from '../model/discrepancy.ts';
import type { RejectPolicy } from '../load/load-range.ts';
import type { OrphanList, RunResult, Warning } from '../model/run.ts';
import type { Statement } from '../model/statement.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { readCheckpoints, type Checkpoint } from '../state/checkpoint-store.ts';
import { readRefusedPlaces } from '../state/reject-store.ts';
import { releaseRunLock } from '../state/run-lock.ts';
import { setPhase } from '../state/run-store.ts';
import { registerSyncedTables } from '../state/sync-store.ts';
import { forgetReadKeys, insertWatermark } from '../state/watermark-store.ts';
import { applyStatements } from './apply-statements.ts';
import { withExistingCounts } from './existing/count-existing.ts';
import { emptyTables } from './existing/empty-tables.ts';
import { madeTable, syncedTables, syncWarnings } from './existing/sync-tables.ts';
import { settleWatermarks, withWatermark, type SettledWatermarks } from './existing/settle-watermarks.ts';
import { withPartitionRows } from './count-partitions.ts';
import { checkUnchanged, sourceNamed } from './frozen-sources.ts';
import type { HeldRun } from './hold-run.ts';
import { countRows, loadTables } from './load-tables.ts';
import { ProgressMeter } from './progress-meter.ts';
import { IndexBuilds } from './index-build/index-builds.ts';
import { keyMender } from './mend-keys.ts';
import { runOutcome } from './run-outcome.ts';
import { setIdentities } from './set-identities.ts';
import { listOrphans, putOrphansAside } from './settle-orphans.ts';
import type { RunContext } from './run-context.ts';
import { isSeed } from './seeds/add-seed-row.ts';
import { withSeedsAdded } from './seeds/seeds-added.ts';
import { parityOf } from './check-parities.ts';
import { verifyTables } from './verify-tables.ts';

/** The phases of a run that is held: pre-data, data, post-data, verify. Each can be entered again after a crash. */
export async function executeRun(context: RunContext, held: HeldRun): Promise<RunResult> {
  const { deps, effective, control, startedAt } = context;
  const { compiled } = effective;
  const laps = new Laps(deps.clock.elapsed, startedAt);
  const plan = laps.lap();

  await enter(context, held, 'pre-data');
  const warnings: Warning[] = [
    ...context.existing.warnings,
    ...(await applyStatements(control, held.runId, compiled.preData, 0, () => undefined)),
  ];
  const preData = laps.lap();

  await enter(context, held, syncedTables(compiled.tables).length > 0 ? 'compare' : 'data');
  await loadData(context, held);
  const data = laps.lap();

  await enter(context, held, 'post-data');
  const finished = await finishTables(context, held);
  const synced = await finishSync(context, held);
  warnings.push(...finished.warnings, ...synced.warnings);
  // Counted now: rows that break a key were taken out meanwhile.
  const checkpoints = await control.use((target) => readCheckpoints(target, held.runId));
  const postData = laps.lap();

  const verification = await verifyRun(context, held, checkpoints);
  const verify = laps.lap();
  const outcome = runOutcome(effective, checkpoints);
  const tables = await withPartitionRows(control, compiled.tables, await countExisting(context, held, outcome.tables));
  await control.use((target) => forgetReadKeys(target, held.runId));
  await control.use((target) => releaseRunLock(target));

  for (const warning of warnings) deps.emit({ type: 'warning', warning });
  return {
    runId: held.runId,
    ...outcome,
    tables: tables.map((table) => ({ ...table, ...withWatermark(synced, table.to) })),
    sources: Object.fromEntries([...context.sources].map(([name, source]) => [name, source.snapshot.location])),
    target: { schema: effective.plan.target.schema },
    seconds: { plan, preData, data, postData, verify, total: (deps.clock.elapsed() - startedAt) / 1000 },
    peakRssMb: Math.round((deps.peakMemory() / 2 ** 20) * 10) / 10,
    verification,
    warnings,
    orphans: finished.orphans,
    preflight: context.preflight,
    backups: context.backups,
  };
}

async function enter(context: RunContext, held: HeldRun, phase: Phase): Promise<void> {
  context.deps.emit({ type: 'phase', phase, runId: held.runId });
  await context.control.use((target) => setPhase(target, held.runId, phase));
}

async function loadData(context: RunContext, held: HeldRun): Promise<void> {
  const { request, engine, deps, effective, sources, control, jobs } = context;
  const { signal } = request;
  const settings = {
    fence: { runId: held.runId, epoch: held.epoch },
    jobs,
    address: engine.workerAddress(request.target, held.runId),
    policy: policyOf(context),
    deletions: effective.plan.options.deletions,
  };
  await registerSynced(context, held);
  await emptyTables(control, settings.fence, effective.compiled.tables);
  const onCompared = (): Promise<void> => enter(context, held, 'data');
  await loadTables({ tables: effective.compiled.tables, sources, control, pool: engine.pool, settings, deps, signal, onCompared });
  await checkUnchanged(sources, engine.pool, signal);
}

function policyOf({ request, effective: { plan, overrides } }: RunContext): RejectPolicy {
  const { onReject, maxRejects } = plan.options;
  return { onReject, maxRejects, redactValues: request.redactValues || overrides.redactValues === true };
}

async function registerSynced({ effective: { plan, compiled }, control }: RunContext, { runId }: HeldRun): Promise<void> {
  if (plan.options.mode !== 'sync') return;
  const labels = compiled.tables.map(({ label }) => label);
  await control.use(async (target) => {
    await registerSyncedTables(target, plan.name, labels);
    for (const { label, watermark } of compiled.tables)
      if (watermark?.found !== undefined) await insertWatermark(target, { plan: plan.name, label }, runId, watermark.found);
  });
}

/** Mode sync: what the run has made is known from now on, and what stays although the source does not have it is told. */
async function finishSync(context: RunContext, held: HeldRun): Promise<SettledWatermarks> {
  const { request, engine, deps, effective, sources, control } = context;
  const { plan, compiled } = effective;
  if (plan.options.mode !== 'sync') return { watermarks: new Map(), warnings: [] };
  const refused = await control.use((target) => readRefusedPlaces(target, held.runId));
  const made = compiled.tables.filter(({ existing }) => existing === undefined);
  const meter = new ProgressMeter('post-data', countRows(made, sources), deps);
  const record = (table: CompiledTable): Promise<null> =>
    engine.pool.run(
      'recordRows',
      {
        snapshot: sourceNamed(sources, table.source).snapshot,
        address: engine.workerAddress(request.target, held.runId),
        table,
        synced: madeTable(plan, compiled, table, held.runId),
        fence: { runId: held.runId, epoch: held.epoch },
        excluded: refused.get(table.label) ?? [],
      },
      request.signal,
      (progress) => meter.add(progress),
    );
  await Promise.all(made.map(record));
  meter.end();
  const { deletions } = plan.options;
  const { redactValues } = policyOf(context);
  const outcome = await settleWatermarks(context, held);
  const warnings = await control.use((target) => syncWarnings(target, syncedTables(compiled.tables), { deletions, redactValues }));
  return { watermarks: outcome.watermarks, warnings: [...warnings, ...outcome.warnings] };
}

/** What is told of finished tables. */
export interface FinishedTables {
  readonly warnings: readonly Warning[];
  readonly orphans: readonly OrphanList[];
}

/** Post-data: keys and unique indexes, seed rows, then orphans that are to be set aside, everything else, and identities. Safe to repeat. */
export async function finishTables(context: RunContext, held: HeldRun): Promise<FinishedTables> {
  const { effective, control, sources, deps } = context;
  const { preData, postData } = effective.compiled;
  const onStatement = (statement: Statement): void => {
    if (statement.table !== null) deps.emit({ type: 'table', phase: 'post-data', table: statement.table, state: 'start' });
  };
  const policy = policyOf(context);
  const mend = keyMender(context, held, policy);
  const builds = indexBuilds(context);
  // What a parent is found by is there by then, and what takes long to build is not.
  const unique = postData.findLastIndex((statement) => statement.unique !== undefined) + 1;
  const apply = (from: number, to: number): Promise<readonly Warning[]> =>
    applyStatements(control, held.runId, postData.slice(from, to), preData.length + from, onStatement, mend, builds);
  const warnings = [...(await apply(0, unique))];
  // Seed rows may be parents, and new ones are numbered behind those of the source.
  const seeded = postData.findLastIndex(({ object }) => isSeed(object)) + 1;
  if (seeded > 0) await control.use((target) => setIdentities(target, effective.compiled, sources));
  warnings.push(...(await apply(unique, seeded)));
  await putOrphansAside(context, held, policy);
  warnings.push(...(await apply(Math.max(unique, seeded), postData.length)));
  await control.use((target) => setIdentities(target, effective.compiled, sources));
  return { warnings, orphans: await listOrphans(context, held, policy.redactValues) };
}

function indexBuilds({ control, engine, request, jobs, deps }: RunContext): IndexBuilds {
  const openBeside = control.target.capabilities.sessions ? () => engine.openBeside(request.target) : null;
  return new IndexBuilds({ jobs, openBeside }, deps);
}

/** `checkpoints`: sums taken while loading; null = the source is read again. */
export async function verifyRun(context: RunContext, held: HeldRun, checkpoints: readonly Checkpoint[] | null): Promise<Verification> {
  const { request, engine, deps, effective, sources, control } = context;
  if (!request.verify) return { status: 'skipped', tables: [] };
  await control.use((target) => setPhase(target, held.runId, 'verify'));
  const refused = await control.use((target) => readRefusedPlaces(target, held.runId));
  return verifyTables(
    await control.use((target) => withSeedsAdded(target, held.runId, effective.compiled.tables)),
    sources,
    engine.pool,
    {
      address: engine.workerAddress(request.target, held.runId),
      checkpoints,
      refused,
      parity: parityOf(effective, policyOf(context).redactValues),
    },
    deps,
    request.signal,
  );
}

/** Tables that were there before say what became of their rows as well. */
export async function countExisting(
  { control, effective, existing }: RunContext,
  { runId }: HeldRun,
  tables: RunResult['tables'],
): Promise<RunResult['tables']> {
  const counting = { runId, mode: effective.plan.options.mode, tables: effective.compiled.tables, records: existing.records };
  return control.use((target) => withExistingCounts(target, counting, tables));
}

/** Seconds between one call and the next. */
class Laps {
  readonly #elapsed: () => number;
  #last: number;

  constructor(elapsed: () => number, start: number) {
    this.#elapsed = elapsed;
    this.#last = start;
  }

  lap(): number {
    const now = this.#elapsed();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    return seconds;
  }
}
