import { MigrationError } from '../errors.ts';
import { checkConversions } from '../load/check-conversions.ts';
import { loadRange } from '../load/load-range.ts';
import { measureIndexKey } from '../load/measure-index-key.ts';
import { listOrphans } from '../load/list-orphans.ts';
import { moveOutDuplicates } from '../load/move-out-duplicates.ts';
import { moveOutOrphans } from '../load/move-out-orphans.ts';
import { retryRows } from '../load/retry-rows.ts';
import { surveyWatermark } from '../load/survey-watermark.ts';
import { surveyPartitionColumn } from '../load/survey-partition-column.ts';
import { findChanges } from '../load/sync/find-changes.ts';
import { recordRows } from '../load/sync/record-rows.ts';
import { settleCircle } from '../load/settle-circle.ts';
import type { WorkerTarget } from '../load/worker-target.ts';
import { rowWindow, type CompiledTable } from '../plan/compiled-plan.ts';
import { writeExport } from '../rows/write-export.ts';
import { backUpSource, checkSourceUnchanged, freezeSource } from '../sources/registry.ts';
import { windowedSource } from '../sources/windowed-source.ts';
import type { Source, SourceSnapshot } from '../sources/source.ts';
import type { TargetAddress } from '../target/target.ts';
import { BucketSums } from '../tuple/bucket-sums.ts';
import { layOutVectors } from '../vectors/map/lay-out-vectors.ts';
import { checkParity } from '../verify/check-parity.ts';
import { sumSourceTogether } from '../verify/sum-source-range.ts';
import { sumTargetTable } from '../verify/sum-target-table.ts';
import { compareWholeRows } from '../verify/compare-whole-rows.ts';
import { verifyTable, type SideTotals, type TableToVerify } from '../verify/verify-table.ts';
import { adoptPlan } from './adopt-plan.ts';
import { reportVectorHealth } from './report-vector-health.ts';
import type { AdoptParams, CompareParams, SideSums, TaskProgress, WorkerTasks, TaskName } from './worker-messages.ts';
import { searchSource } from './source-neighbours/search-source.ts';
import type { WorkerSession } from './worker-session.ts';

export interface TaskSurroundings {
  readonly session: WorkerSession;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TaskProgress) => void;
  /** Milliseconds from any start. */
  readonly elapsed: () => number;
}

type Tasks = {
  readonly [T in TaskName]: (params: WorkerTasks[T]['params'], surroundings: TaskSurroundings) => Promise<WorkerTasks[T]['result']>;
};

/** What a worker thread does, one function per task. */
export const workerTasks: Tasks = {
  freeze: ({ location, ...options }, { signal, onProgress }) =>
    freezeSource(location, {
      ...options,
      signal,
      onFiles: (files) => onProgress({ rows: 0, bytes: 0, rejected: 0, files }),
      onRecords: (records) => onProgress({ rows: 0, bytes: 0, rejected: 0, records }),
    }),
  checkUnchanged: async ({ snapshot }, { signal }) => {
    await checkSourceUnchanged(snapshot, signal);
    return null;
  },
  backUp: ({ snapshot, path }, { signal }) => backUpSource(snapshot, path, signal),
  introspect: async ({ snapshot }, { session }) => (await session.source(snapshot)).introspect(),
  profile: async ({ snapshot, table, sample }, { session, signal, onProgress }) => {
    const source = await session.source(snapshot);
    return source.profile(table, {
      ...(sample === null ? {} : { sample }),
      signal,
      onRows: (rows) => onProgress({ rows, bytes: 0, rejected: 0 }),
    });
  },
  group: async ({ snapshot, tables }, { session }) =>
    (await session.source(snapshot)).groupTables?.(tables) ?? tables.map((table) => [table]),
  split: async ({ snapshot, tables, parts }, { session }) => {
    const source = await session.source(snapshot);
    return source.splitGroup?.(tables, parts) ?? source.splitTable(tables[0] ?? '', parts);
  },
  check: async ({ snapshot, ...work }, { session, signal, onProgress }) =>
    checkConversions({
      ...work,
      source: await windowOf(session, snapshot, [work.table]),
      signal,
      onRows: (rows) => onProgress({ rows, bytes: 0, rejected: 0 }),
    }),
  surveyPartitions: async ({ snapshot, table, column, rule }, { session, signal, onProgress }) =>
    surveyPartitionColumn(await session.source(snapshot), table, column, rule, signal, (rows) =>
      onProgress({ rows, bytes: 0, rejected: 0 }),
    ),
  surveyWatermark: async ({ snapshot, ...search }, { session, signal, onProgress }) =>
    surveyWatermark({
      ...search,
      source: await session.source(snapshot),
      signal,
      onRows: (rows) => onProgress({ rows, bytes: 0, rejected: 0 }),
    }),
  measureKey: async ({ snapshot, table, key }, { session }) => measureIndexKey(await session.source(snapshot), table, key),
  findChanges: async ({ snapshot, address, ...search }, { session, signal, onProgress }) =>
    findChanges({
      ...search,
      source: await windowOf(session, snapshot, [search.table]),
      ...targetOf(session, address),
      signal,
      onRows: (rows) => onProgress({ rows, bytes: 0, rejected: 0 }),
    }),
  load: async (params, { session, signal, onProgress, elapsed }) =>
    loadRange({
      source: await windowOf(session, params.snapshot, params.tables),
      ...targetOf(session, params.address),
      tables: params.tables,
      fence: params.fence,
      checkpoints: params.checkpoints,
      policy: params.policy,
      duplicates: params.duplicates.map((places) => new Set(places)),
      signal,
      onChunk: onProgress,
      elapsed,
    }),
  settleCircle: ({ address, ...work }, { session, signal }) => settleCircle({ ...work, ...targetOf(session, address), signal }),
  retryRows: async ({ snapshot, address, aside, ...work }, { session, signal, elapsed, onProgress }) =>
    retryRows({
      ...work,
      aside: new Set(aside),
      source: await session.source(snapshot),
      ...targetOf(session, address),
      signal,
      onChunk: onProgress,
      elapsed,
    }),
  adoptPlan: async ({ snapshots, address, ...adoption }, { session, signal }) => {
    await adoptPlan({ ...adoption, target: await session.target(address), sourceOf: sourcesOf(session, snapshots), signal });
    return null;
  },
  moveOutDuplicates: async ({ snapshot, address, excluded, within, ...work }, { session, signal, elapsed }) =>
    moveOutDuplicates({
      ...work,
      source: await session.source(snapshot),
      ...targetOf(session, address),
      excluded: new Set(excluded),
      within: within.map((one) => ({ ...one, excluded: new Set(one.excluded) })),
      signal,
      elapsed,
    }),
  moveOutOrphans: ({ snapshots, address, ...work }, { session, signal, elapsed }) =>
    moveOutOrphans({ ...work, sourceOf: sourcesOf(session, snapshots), ...targetOf(session, address), signal, elapsed }),
  recordRows: async ({ snapshot, address, excluded, ...work }, { session, signal, onProgress }) =>
    recordRows({
      ...work,
      source: await session.source(snapshot),
      ...targetOf(session, address),
      excluded: new Set(excluded),
      signal,
      onRows: (rows) => onProgress({ rows, bytes: 0, rejected: 0 }),
    }),
  listOrphans: async ({ snapshot, address, excluded, ...search }, { session, signal }) =>
    listOrphans({ ...search, source: await session.source(snapshot), ...targetOf(session, address), excluded: new Set(excluded), signal }),
  sumSource: async ({ snapshot, tables, excluded }, { session, signal, onProgress }) => {
    const sums = await sumSourceTogether({
      source: await windowOf(session, snapshot, tables),
      tables,
      excluded: excluded.map((places) => new Set(places)),
      signal,
      onRows: (rows) => onProgress({ rows, bytes: 0, rejected: 0 }),
    });
    return sums.map((one) => ({ ...one, sums: one.sums.toBytes() }));
  },
  sumTarget: async ({ address, table }, { session, signal, onProgress }) => {
    const sums = await sumTargetTable({
      target: await session.target(address),
      table,
      signal,
      onRows: (rows) => onProgress({ rows, bytes: 0, rejected: 0 }),
    });
    return { sums: sums.sums.toBytes(), rows: sums.rows, rejected: 0 };
  },
  compare: async (params, surroundings) => {
    const both = await bothSides(params, surroundings);
    const verified = await verifyTable(both);
    const vectors = await reportVectorHealth(both.target, params.table, verified.targetRows, surroundings.signal);
    return vectors.length === 0 ? verified : { ...verified, vectors };
  },
  compareRows: async ({ state, ...params }, surroundings) =>
    compareWholeRows({ ...(await bothSides(params, surroundings)), ...(state === undefined ? {} : { state }) }),
  searchSource: async ({ snapshot, address, table, excluded, probe }, { session, signal, onProgress }) =>
    searchSource({
      ...probe,
      source: await windowOf(session, snapshot, [table]),
      target: await session.target(address),
      table,
      excluded: new Set(excluded),
      signal,
      onRows: (rows) => onProgress({ rows, bytes: 0, rejected: 0 }),
    }),
  parity: async ({ snapshot, address, pair, limit }, { session, elapsed }) =>
    checkParity({ source: await session.source(snapshot), target: await session.target(address), pair, limit, elapsed }),
  layOutVectors: (layout, { signal, elapsed, onProgress }) =>
    layOutVectors(layout, { signal, elapsed, onProgress: (map) => onProgress({ rows: 0, bytes: 0, rejected: 0, map }) }),
  readCatalog: ({ snapshot }, { session }) => session.withSource(snapshot, (source) => source.introspect()),
  readPage: ({ snapshot, table, request }, { session }) => session.withSource(snapshot, (source) => source.readPage(table, request)),
  countRows: ({ snapshot, table, filter }, { session }) => session.withSource(snapshot, (source) => source.countRows(table, filter)),
  exportRows: ({ snapshot, table, view, columns, file }, { session, signal }) =>
    session.withSource(snapshot, (source) =>
      writeExport(file, { schema: null, table, columns, overriding: false }, source.readView(table, view, signal), signal),
    ),
};

function targetOf(session: WorkerSession, address: TargetAddress): WorkerTarget {
  return { target: () => session.target(address), dropTarget: () => session.dropTarget(address) };
}

/** The source with the rows of these tables that the run reads. */
async function windowOf(session: WorkerSession, snapshot: SourceSnapshot, tables: readonly CompiledTable[]): Promise<Source> {
  return windowedSource(await session.source(snapshot), tables.map(rowWindow));
}

function sourcesOf(session: WorkerSession, snapshots: AdoptParams['snapshots']): (table: CompiledTable) => Promise<Source> {
  return async ({ source }) => {
    const snapshot = snapshots.get(source);
    if (snapshot === undefined) throw new MigrationError('internal', { context: { detail: `source ${source} was not opened` } });
    return session.source(snapshot);
  };
}

async function bothSides(params: CompareParams, { session, signal }: TaskSurroundings): Promise<TableToVerify> {
  return {
    source: await windowOf(session, params.snapshot, [params.table]),
    target: await session.target(params.address),
    table: params.table,
    sourceSums: totals(params.source),
    targetSums: totals(params.target),
    excluded: new Set(params.excluded),
    limit: params.limit,
    signal,
  };
}

function totals({ sums, rows, rejected }: SideSums): SideTotals {
  return { sums: BucketSums.fromBytes(sums), rows, rejected };
}
