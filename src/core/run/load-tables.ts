import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError, toMigrationError } from '../errors.ts';
import type { RejectPolicy } from '../load/load-range.ts';
import type { SettledRows } from '../load/settle-circle.ts';
import type { FoundChanges } from '../load/sync/find-changes.ts';
import type { KeyRange } from '../model/row-batch.ts';
import type { TableOutcome } from '../model/run.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Plan } from '../plan/plan-schema.ts';
import type { SqlStagedTable } from '../sql/existing/staging.ts';
import { insertRanges, readCheckpoints, type Checkpoint, type Fence } from '../state/checkpoint-store.ts';
import { countHeld } from '../state/held-store.ts';
import { insertRunTable } from '../state/run-store.ts';
import type { TargetAddress } from '../target/target.ts';
import type { ControlSession } from './control-session.ts';
import { sourceNamed, type FrozenSources } from './frozen-sources.ts';
import { LoadOrder } from './existing/load-order.ts';
import { deleteGoneRows, syncedTables } from './existing/sync-tables.ts';
import { ProgressMeter } from './progress-meter.ts';
import { findGroups, type TableGroup } from './table-groups.ts';
import { TableProgress } from './table-progress.ts';
import type { TaskProgress } from './worker-messages.ts';
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
  /** What mode sync does about rows that the source does not have any more. */
  readonly deletions: Plan['options']['deletions'];
}

/** What the data phase works with. */
export interface DataPhase {
  readonly tables: readonly CompiledTable[];
  readonly sources: FrozenSources;
  readonly control: ControlSession;
  readonly pool: WorkerPool;
  readonly settings: LoadSettings;
  readonly deps: EngineDeps;
  readonly signal: AbortSignal;
  /** Mode sync has compared the rows of tables that were there, and writes from now on. */
  readonly onCompared: () => Promise<void>;
}

/** Splits what is not split yet, and loads every range that is not done. */
export async function loadTables(phase: DataPhase): Promise<void> {
  const { control, settings } = phase;
  const groups = await findGroups(phase.tables, phase.sources, phase.pool, phase.signal);
  await splitTables(phase, groups);
  const synced = syncedTables(phase.tables);
  const deleteGone = async (): Promise<void> => {
    if (settings.deletions === 'apply') await deleteGoneRows(control, settings.fence, synced);
  };
  const changes = await findAllChanges(phase, groups, synced);
  if (synced.length > 0) await phase.onCompared();
  await deleteGone();
  const checkpoints = await readAll(phase);
  const pending = groups.flatMap((group) => rangesLeft(group, checkpoints));
  await loadRanges(phase, checkpoints, largestFirst(pending, phase), changes);
  await deleteGone();
}

function readAll({ control, settings }: DataPhase): Promise<readonly Checkpoint[]> {
  return control.use((target) => readCheckpoints(target, settings.fence.runId));
}

/** What mode sync finds by looking at all rows, by table. */
type ChangesByTable = ReadonlyMap<string, FoundChanges>;

async function findAllChanges(phase: DataPhase, groups: readonly TableGroup[], synced: readonly SqlStagedTable[]): Promise<ChangesByTable> {
  if (synced.length === 0) return new Map();
  const { fence, address } = phase.settings;
  const checkpoints = (await readAll(phase)).filter(
    ({ table, chunk, done }) => chunk === 0 && !done && synced.some(({ label }) => label === table),
  );
  const tables = checkpoints.map(({ table }) => tableLabelled(phase.tables, table));
  const meter = new ProgressMeter('compare', countRows(tables, phase.sources), phase.deps);
  const found = await Promise.all(
    checkpoints.map(async (checkpoint) => {
      const table = tableLabelled(phase.tables, checkpoint.table);
      const { snapshot } = sourceNamed(phase.sources, table.source);
      const isAlone = groups.some((group) => group.length === 1 && group.includes(table));
      const work = { snapshot, address, table, fence, checkpoint, isAlone };
      return [table.label, await phase.pool.run('findChanges', work, phase.signal, (progress) => meter.add(progress))] as const;
    }),
  );
  meter.end();
  return new Map(found);
}

/** A range of a group that is not done; the checkpoints are parallel to its tables. */
interface GroupRange {
  readonly group: TableGroup;
  readonly checkpoints: readonly Checkpoint[];
}

/** All ranges at once, in their order, as many as there are workers; the first failure stops the others. */
async function loadRanges(
  phase: DataPhase,
  checkpoints: readonly Checkpoint[],
  pending: readonly GroupRange[],
  changes: ChangesByTable,
): Promise<void> {
  const { deps } = phase;
  const outcomes = await outcomesSoFar(phase, checkpoints);
  const rowsDone = outcomes.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
  const meter = new ProgressMeter('data', countRows(phase.tables, phase.sources), deps, rowsDone);
  const tables = new TableProgress(outcomes, rowsByLabel(phase), deps);
  const stop = new AbortController();
  const signal = AbortSignal.any([phase.signal, stop.signal]);
  const failures: MigrationError[] = [];
  const fail = (error: MigrationError): void => {
    failures.push(error);
    stop.abort();
  };
  const onProgress = (table: string, progress: TaskProgress): void => {
    meter.add(progress);
    tables.add(table, progress);
  };
  const left = new Set(pending);
  const order = new LoadOrder(phase.tables, new Set(pending.flatMap(({ group }) => group.map(({ label }) => label))));
  signal.addEventListener('abort', () => order.release(), { once: true });
  const isRead = (table: string): boolean => ![...left].some(({ group }) => group.some(({ label }) => label === table));
  // Those that an earlier attempt has finished. Rows of a circle may wait until all of it is read.
  for (const table of new Set(checkpoints.map((checkpoint) => checkpoint.table)))
    if (isRead(table) && order.circleOf(table).length === 0) tables.done(table);
  const settling = order.circles.map(async (circle) => {
    try {
      await order.allRead(circle);
      for (const { table, rejected } of await settle(phase, circle, signal)) onProgress(table, { rows: 0, bytes: 0, rejected });
      for (const table of circle) tables.done(table);
      order.settled(circle);
    } catch (error) {
      fail(toMigrationError(error));
    }
  });
  await Promise.all([
    ...settling,
    ...pending.map(async (range) => {
      const labels = range.group.map(({ label }) => label);
      try {
        await order.turn(labels);
        await loadOne(phase, range, changes, signal, (progress) => onProgress(progress.table ?? '', progress));
        left.delete(range);
        for (const table of labels.filter(isRead)) {
          if (order.circleOf(table).length === 0) tables.done(table);
          order.read(table);
        }
      } catch (error) {
        fail(toMigrationError(error));
      }
    }),
  ]);
  meter.end();
  if (failures[0] !== undefined) throw failures[0];
}

async function loadOne(
  phase: DataPhase,
  { group, checkpoints }: GroupRange,
  changes: ChangesByTable,
  signal: AbortSignal,
  onProgress: (progress: TaskProgress) => void,
): Promise<void> {
  const { fence, address, policy } = phase.settings;
  const { snapshot } = sourceNamed(phase.sources, firstOf(group).source);
  const duplicates = group.map(({ label }) => changes.get(label)?.duplicates ?? []);
  await phase.pool.run('load', { snapshot, address, tables: group, fence, checkpoints, policy, duplicates }, signal, onProgress);
}

/** Tables of a group move together, so their checkpoints of one range stand at the same place. */
function rangesLeft(group: TableGroup, all: readonly Checkpoint[]): readonly GroupRange[] {
  const lists = group.map(({ label }) => all.filter((checkpoint) => checkpoint.table === label && !checkpoint.done));
  return (lists[0] ?? []).map((first) => {
    const checkpoints = lists.flatMap((list) => list.filter(({ chunk, position }) => chunk === first.chunk && position === first.position));
    if (checkpoints.length !== group.length || lists.some(({ length }) => length !== lists[0]?.length))
      throw new MigrationError('internal', {
        context: { table: first.table, detail: 'tables that are read together were left at different places' },
      });
    return { group, checkpoints };
  });
}

function firstOf(group: TableGroup): CompiledTable {
  return group[0] as CompiledTable;
}

/** As earlier attempts left them; rows that wait were read, and most of them will be written. */
async function outcomesSoFar(
  { tables, control, settings }: DataPhase,
  checkpoints: readonly Checkpoint[],
): Promise<readonly TableOutcome[]> {
  const outcomes = tableOutcomes(tables, checkpoints);
  const circular = tables.flatMap(({ label, existing }) => (existing === undefined || existing.circle.length === 0 ? [] : [label]));
  if (circular.length === 0) return outcomes;
  const held = await control.use((target) => countHeld(target, settings.fence.runId, circular));
  return outcomes.map((outcome) => {
    const waiting = held.get(outcome.to) ?? 0;
    return { ...outcome, rowsRead: outcome.rowsRead + waiting, rowsWritten: outcome.rowsWritten + waiting };
  });
}

/** Rows of the circle that waited for their parents go in, or become rejects. */
async function settle(
  { tables, pool, settings }: DataPhase,
  circle: readonly string[],
  signal: AbortSignal,
): Promise<readonly SettledRows[]> {
  if (signal.aborted) throw new MigrationError('cancelled');
  const { address, fence, policy } = settings;
  return pool.run('settleCircle', { address, fence, policy, tables: tables.filter(({ label }) => circle.includes(label)) }, signal);
}

/** Ranges are written in the order of the plan, those of a group in one transaction, so a resumed run continues where splitting stopped. */
async function splitTables(phase: DataPhase, groups: readonly TableGroup[]): Promise<void> {
  const { control, settings, tables } = phase;
  const { runId } = settings.fence;
  const split = new Set((await control.use((target) => readCheckpoints(target, runId))).map((checkpoint) => checkpoint.table));
  for (const group of groups) {
    if (group.every(({ label }) => split.has(label))) continue;
    const ranges = await rangesOf(group, phase);
    await control.use((target) =>
      target.transaction(async (session) => {
        for (const table of group)
          if (await insertRunTable(session, runId, tables.indexOf(table), table))
            await insertRanges(session, settings.fence, table.label, ranges);
      }),
    );
  }
}

async function rangesOf(group: TableGroup, phase: DataPhase): Promise<readonly KeyRange[]> {
  const { sources, pool, settings, signal } = phase;
  const { snapshot } = sourceNamed(sources, firstOf(group).source);
  const rows = countRows(group, sources) ?? Number.POSITIVE_INFINITY;
  if (group.some(({ existing }) => existing?.inOrder === true)) return [{}];
  if (settings.jobs === 1 || rows < rowsWorthSplitting || !snapshot.capabilities.ranges) return [{}];
  const parts = settings.jobs * rangesPerWorker;
  const ranges = await pool.run('split', { snapshot, tables: group.map(({ from }) => from), parts }, signal);
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
  const read = table.watermark?.found;
  if (read !== undefined && read.since !== null) return read.rows;
  return sourceNamed(sources, table.source).catalog.tables.find((candidate) => candidate.name === table.from)?.rows ?? null;
}

function rowsByLabel({ tables, sources }: DataPhase): (label: string) => number | null {
  return (label) => rowsOf(tableLabelled(tables, label), sources);
}

function largestFirst(ranges: readonly GroupRange[], { sources }: DataPhase): readonly GroupRange[] {
  const size = ({ group }: GroupRange): number => countRows(group, sources) ?? Number.POSITIVE_INFINITY;
  const chunkOf = ({ checkpoints }: GroupRange): number => checkpoints[0]?.chunk ?? 0;
  return ranges.toSorted((a, b) => size(b) - size(a) || chunkOf(a) - chunkOf(b));
}

function tableLabelled(tables: readonly CompiledTable[], label: string): CompiledTable {
  const table = tables.find((candidate) => candidate.label === label);
  if (table === undefined) throw new MigrationError('internal', { context: { detail: `no table ${label} in the plan` } });
  return table;
}
