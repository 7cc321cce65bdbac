import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import type { RejectPolicy } from '../load/load-range.ts';
import type { KeyRange } from '../model/row-batch.ts';
import type { TableOutcome } from '../model/run.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { insertRanges, readCheckpoints, type Checkpoint, type Fence } from '../state/checkpoint-store.ts';
import { insertRunTable } from '../state/run-store.ts';
import type { TargetAddress } from '../target/target.ts';
import type { ControlSession } from './control-session.ts';
import { sourceNamed, type FrozenSources } from './frozen-sources.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Tables with fewer rows than this are read in one piece. */
const rowsWorthSplitting = 50_000;
/** Ranges for each worker, so that one slow range does not leave the others idle at the end. */
const rangesPerWorker = 2;

export interface LoadSettings {
  readonly fence: Fence;
  readonly jobs: number;
  readonly address: TargetAddress;
  readonly policy: RejectPolicy;
  readonly maxRejects: number | null;
}

/** The data phase: splits what is not split yet, loads every range that is not done, and returns all checkpoints as they stand at the end. */
export async function loadTables(
  tables: readonly CompiledTable[],
  sources: FrozenSources,
  control: ControlSession,
  pool: WorkerPool,
  settings: LoadSettings,
  deps: EngineDeps,
  signal: AbortSignal,
): Promise<readonly Checkpoint[]> {
  await splitTables(tables, sources, control, pool, settings, signal);
  const checkpoints = await control.use((target) => readCheckpoints(target, settings.fence.runId));
  const meter = new ProgressMeter('data', countRows(tables, sources), deps, checkpoints.reduce((sum, checkpoint) => sum + checkpoint.rowsRead, 0));
  const stop = new AbortController();
  const linked = AbortSignal.any([signal, stop.signal]);
  let firstError: unknown = null;
  let rejected = checkpoints.reduce((sum, checkpoint) => sum + checkpoint.rowsRejected, 0);

  const pending = largestFirst(checkpoints.filter((checkpoint) => !checkpoint.done), tables, sources);
  const open = new Map<string, number>();
  for (const checkpoint of pending) open.set(checkpoint.table, (open.get(checkpoint.table) ?? 0) + 1);
  await Promise.all(
    pending.map(async (checkpoint) => {
      const table = tableLabelled(tables, checkpoint.table);
      const params = { snapshot: sourceNamed(sources, table.source).snapshot, address: settings.address, table, fence: settings.fence, checkpoint, policy: settings.policy };
      try {
        await pool.run('load', params, linked, (progress) => {
          meter.add(progress);
          rejected += progress.rejected;
          if (settings.maxRejects === null || rejected <= settings.maxRejects) return;
          firstError ??= new MigrationError('too-many-rejects', { context: { rejects: rejected, limit: settings.maxRejects } });
          stop.abort();
        });
        const left = (open.get(checkpoint.table) ?? 1) - 1;
        open.set(checkpoint.table, left);
        if (left === 0) deps.emit({ type: 'table', phase: 'data', table: checkpoint.table, state: 'done' });
      } catch (error) {
        firstError ??= error;
        stop.abort();
      }
    }),
  );
  if (firstError !== null) throw firstError;
  return control.use((target) => readCheckpoints(target, settings.fence.runId));
}

/** Ranges are written in the order of the plan, each table's in one transaction, so a resumed run continues where splitting stopped. */
async function splitTables(tables: readonly CompiledTable[], sources: FrozenSources, control: ControlSession, pool: WorkerPool, settings: LoadSettings, signal: AbortSignal): Promise<void> {
  const { runId } = settings.fence;
  const split = new Set((await control.use((target) => readCheckpoints(target, runId))).map((checkpoint) => checkpoint.table));
  for (const [ordinal, table] of tables.entries()) {
    if (split.has(table.label)) continue;
    const ranges = await rangesOf(table, sources, pool, settings.jobs, signal);
    await control.use((target) =>
      target.transaction(async (session) => {
        if (await insertRunTable(session, runId, ordinal, table)) await insertRanges(session, settings.fence, table.label, ranges);
      }),
    );
  }
}

async function rangesOf(table: CompiledTable, sources: FrozenSources, pool: WorkerPool, jobs: number, signal: AbortSignal): Promise<readonly KeyRange[]> {
  const source = sourceNamed(sources, table.source);
  const rows = rowsOf(table, sources) ?? Number.POSITIVE_INFINITY;
  if (jobs === 1 || rows < rowsWorthSplitting || !source.snapshot.capabilities.ranges) return [{}];
  const ranges = await pool.run('split', { snapshot: source.snapshot, table: table.from, parts: jobs * rangesPerWorker }, signal);
  return ranges.length === 0 ? [{}] : ranges;
}

/** Adds up the checkpoints of each table, in the order of the plan. */
export function tableOutcomes(tables: readonly CompiledTable[], checkpoints: readonly Checkpoint[]): readonly TableOutcome[] {
  return tables.map((table) => {
    const own = checkpoints.filter((checkpoint) => checkpoint.table === table.label);
    const sum = (pick: (checkpoint: Checkpoint) => number): number => own.reduce((total, checkpoint) => total + pick(checkpoint), 0);
    return {
      source: table.source,
      from: table.from,
      to: table.label,
      rowsRead: sum((checkpoint) => checkpoint.rowsRead),
      rowsWritten: sum((checkpoint) => checkpoint.rowsWritten),
      rowsRejected: sum((checkpoint) => checkpoint.rowsRejected),
      bytes: sum((checkpoint) => checkpoint.bytes),
      seconds: sum((checkpoint) => checkpoint.milliseconds) / 1000,
    };
  });
}

export function countRows(tables: readonly CompiledTable[], sources: FrozenSources): number | null {
  let total = 0;
  for (const table of tables) {
    const rows = rowsOf(table, sources);
    if (rows === null) return null;
    total += rows;
  }
  return total;
}

function rowsOf(table: CompiledTable, sources: FrozenSources): number | null {
  return sourceNamed(sources, table.source).catalog.tables.find((candidate) => candidate.name === table.from)?.rows ?? null;
}

function largestFirst(checkpoints: readonly Checkpoint[], tables: readonly CompiledTable[], sources: FrozenSources): readonly Checkpoint[] {
  const size = (checkpoint: Checkpoint): number => rowsOf(tableLabelled(tables, checkpoint.table), sources) ?? Number.POSITIVE_INFINITY;
  return checkpoints.toSorted((a, b) => size(b) - size(a) || a.chunk - b.chunk);
}

function tableLabelled(tables: readonly CompiledTable[], label: string): CompiledTable {
  const table = tables.find((candidate) => candidate.label === label);
  if (table === undefined) throw new MigrationError('internal', { context: { detail: `no table ${label} in the plan` } });
  return table;
}
