import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import type { CreatedObject } from '../model/statement.ts';
import { dropStatement } from '../sql/drop-statement.ts';
import { readCheckpoints } from '../state/checkpoint-store.ts';
import { readCreatedObjects, type CreatedObjectRecord } from '../state/created-object-store.ts';
import { endStaleBackends, releaseRunLock, takeRunLock } from '../state/run-lock.ts';
import { listRunRecords, markRolledBack, type RunRecord } from '../state/run-store.ts';
import { dropStateSchema } from '../state/state-schema.ts';
import { forgetSyncedRows } from '../state/sync-store.ts';
import { forgetWatermarks } from '../state/watermark-store.ts';
import type { SqlStagedTable } from '../sql/existing/staging.ts';
import type { Target, TargetSession } from '../target/target.ts';
import { BucketSums } from '../tuple/bucket-sums.ts';
import { makeEffectivePlan } from './effective-plan.ts';
import { EngineSession } from './engine-session.ts';
import { lockUnchanged, restoreRows, tablesToRestore } from './existing/restore-rows.ts';
import { refuseLaterRuns } from './later-runs.ts';
import { changedSince, withSeedsAdded } from './seeds/seeds-added.ts';
import { requireRun } from './require-run.ts';
import type { RollBackRequest, RollBackResult } from './requests.ts';
import { loadedSums } from './loaded-sums.ts';

/** `sluice rollback`: drops exactly what the run created and puts back the rows that it changed, in one transaction, or nothing and says why. */
export async function rollBackRun(request: RollBackRequest, deps: EngineDeps): Promise<RollBackResult> {
  const engine = new EngineSession(deps, Math.min(2, deps.processorCount));
  try {
    const target = await engine.openTarget(request.target);
    const run = await requireRun(target, request.runId);
    await takeRunLock(target);
    await endStaleBackends(target, run.runId);
    if (run.status !== 'rolled-back') await refuseLaterRuns(target, run.runId);
    if (run.status !== 'rolled-back') await refuseChangedTables(run, request, target, engine);
    const existing = run.status === 'rolled-back' ? [] : await tablesToRestore(target, run);
    const result = await target.transaction((session) => undoRun(session, run, existing, request.purge, deps));
    await releaseRunLock(target);
    return result;
  } finally {
    await engine.close();
  }
}

/** Rows that somebody changed after the run are not ours to drop: every table must still hold exactly what the checkpoints say was written. */
async function refuseChangedTables(run: RunRecord, request: RollBackRequest, target: Target, engine: EngineSession): Promise<void> {
  const { compiled } = makeEffectivePlan(run.planText, run.planName, run.overrides);
  const made = await readCreatedObjects(target, run.runId);
  const existing = new Set(made.filter(({ kind }) => kind === 'table').map(({ schema, name }) => `${schema}.${name}`));
  const checkpoints = await readCheckpoints(target, run.runId);
  const address = engine.workerAddress(request.target, null);
  const changed: string[] = [];
  for (const table of await withSeedsAdded(target, run.runId, compiled.tables)) {
    if (!existing.has(table.label) || !(await tableExists(target, table.to.schema, table.to.table))) continue;
    const written = loadedSums(checkpoints.filter((checkpoint) => checkpoint.table === table.label));
    const now = await engine.pool.run('sumTarget', { address, table }, request.signal);
    if (BucketSums.fromBytes(written.sums).differingBuckets(BucketSums.fromBytes(now.sums)).length > 0) changed.push(table.label);
  }
  const others = await changedSince(target, compiled, await stillThere(target, made));
  const tables = [...new Set([...changed, ...others.keys()])];
  if (tables.length === 0) return;
  const rows = others.size === 0 ? {} : { rows: [...others.values()] };
  throw new MigrationError('rows-changed-since', { context: { tables, ...rows, runId: run.runId } });
}

/** Without what belongs to a table that somebody has dropped. */
async function stillThere(target: Target, made: readonly CreatedObjectRecord[]): Promise<readonly CreatedObjectRecord[]> {
  const gone = new Set<string>();
  for (const { kind, schema, name } of made)
    if (kind === 'table' && !(await tableExists(target, schema ?? '', name))) gone.add(`${schema}.${name}`);
  return made.filter(({ kind, schema, table, name }) => !gone.has(`${schema}.${kind === 'table' ? name : table}`));
}

async function undoRun(
  session: TargetSession,
  run: RunRecord,
  existing: readonly SqlStagedTable[],
  purge: boolean,
  deps: EngineDeps,
): Promise<RollBackResult> {
  await lockUnchanged(session, existing, run.runId);
  const objects = await dropObjects(session, run);
  const rows = await restoreRows(session, existing, run.runId);
  await forgetSyncedRows(session, run.runId);
  await forgetWatermarks(session, run.runId);
  await markRolledBack(session, run.runId, deps.clock.now());
  const { dropped, kept } = objects;
  if (purge) await purgeState(session, run, dropped, kept);
  else kept.push('schema sluice');
  return { runId: run.runId, dropped, ...rows, kept };
}

async function dropObjects(session: TargetSession, run: RunRecord): Promise<{ readonly dropped: string[]; readonly kept: string[] }> {
  const objects = run.status === 'rolled-back' ? [] : (await readCreatedObjects(session, run.runId)).toReversed();
  const dropped: string[] = [];
  const kept: string[] = [];
  for (const object of inDropOrder(objects)) {
    if (object.kind === 'schema') await dropOrKeep(session, object, dropped, kept);
    else if (object.kind === 'seed') continue;
    else if (object.kind === 'extension' || object.kind === 'database') kept.push(describe(object));
    else dropped.push(await dropOne(session, object));
  }
  return { dropped, kept };
}

/** Foreign keys go first, since tables may point at each other; what lives inside a table goes with it, and its columns need their types and sequences. */
function inDropOrder(objects: readonly CreatedObjectRecord[]): readonly CreatedObjectRecord[] {
  const rank = (object: CreatedObjectRecord): number =>
    (({ 'foreign-key': 0, table: 2, sequence: 3, type: 3, schema: 4, extension: 5 }) as Readonly<Record<string, number>>)[object.kind] ?? 1;
  return objects.toSorted((a, b) => rank(a) - rank(b) || b.ordinal - a.ordinal);
}

async function dropOne(session: TargetSession, object: CreatedObject): Promise<string> {
  try {
    await session.query(dropStatement(object));
  } catch (error) {
    if (error instanceof MigrationError && error.context.sqlstate === '2BP01') {
      throw new MigrationError('roll-back-blocked', { context: { ...error.context, object: describe(object) }, cause: error });
    }
    throw error;
  }
  return describe(object);
}

/** A schema that somebody else uses by now, or an extension that other columns need, stays. */
async function dropOrKeep(session: TargetSession, object: CreatedObject, dropped: string[], kept: string[]): Promise<void> {
  await session.query('SAVEPOINT sluice_drop');
  try {
    await session.query(dropStatement(object));
    dropped.push(describe(object));
  } catch (error) {
    if (!(error instanceof MigrationError) || error.context.sqlstate !== '2BP01') throw error;
    await session.query('ROLLBACK TO SAVEPOINT sluice_drop');
    kept.push(describe(object));
  }
}

/** Removes Sluice's own traces once no run needs them: its schema, and the extension if a run of ours brought it. */
async function purgeState(session: TargetSession, run: RunRecord, dropped: string[], kept: string[]): Promise<void> {
  const others = (await listRunRecords(session)).filter((other) => other.runId !== run.runId && other.status !== 'rolled-back');
  if (others.length > 0) {
    kept.push(`schema sluice (needed by ${others.map((other) => other.runId).join(', ')})`);
    return;
  }
  const extensions = await session.query(`SELECT DISTINCT name FROM sluice.created_object WHERE kind = 'extension'`);
  await dropStateSchema(session);
  dropped.push('schema sluice');
  for (const row of extensions.rows) {
    const extension: CreatedObject = { kind: 'extension', schema: null, table: null, name: String(row['name']) };
    const at = kept.indexOf(describe(extension));
    if (at >= 0) kept.splice(at, 1);
    await dropOrKeep(session, extension, dropped, kept);
  }
}

function describe(object: CreatedObject): string {
  const place = object.table === null ? object.schema : `${object.schema}.${object.table}`;
  return `${object.kind} ${place === null ? '' : `${place}.`}${object.name}`;
}

async function tableExists(session: TargetSession, schema: string, table: string): Promise<boolean> {
  const found = await session.query(
    'SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2',
    [schema, table],
  );
  return found.rowCount > 0;
}
