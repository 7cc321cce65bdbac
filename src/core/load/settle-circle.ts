import { MigrationError } from '../errors.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { stagedTable } from '../plan/staged-table.ts';
import { copyToStagingSql, type SqlStagedTable } from '../sql/existing/staging.ts';
import { rememberSettledSql, syncedTable } from '../sql/existing/synced-rows.ts';
import {
  createLeftOutSql,
  createWaitingSql,
  dropLeftOutSql,
  findWaitingSql,
  indexWaitingSql,
  leaveOutLackingSql,
  leaveOutRowsSql,
  leaveOutTakenSql,
  oneOfRows,
  stagedNumbersSql,
} from '../sql/existing/waiting.ts';
import { insertAdjustment, requireHeld, type Fence } from '../state/checkpoint-store.ts';
import {
  countHeld,
  firstLeftOut,
  forgetHeldRows,
  readHeldPage,
  rejectLeftOut,
  sumHeldChanges,
  type HeldTuple,
} from '../state/held-store.ts';
import { refuseTooManyRejects } from '../state/reject-store.ts';
import { retryTransient } from '../target/retry-transient.ts';
import type { TargetSession } from '../target/target.ts';
import { BucketSums } from '../tuple/bucket-sums.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';
import { Chunk } from './chunk.ts';
import { copyRows } from './copy-rows.ts';
import { refusalMessage } from './describe-reject.ts';
import type { RejectPolicy } from './fill-chunk.ts';
import { attempt, isolateBadRows } from './isolate-bad-rows.ts';
import type { WorkerTarget } from './worker-target.ts';
import { prepareStaging, writeAllStaged } from './write-staged.ts';

export interface SettleWork extends WorkerTarget {
  /** The tables of a circle, all of them read. */
  readonly tables: readonly CompiledTable[];
  readonly fence: Fence;
  readonly policy: RejectPolicy;
  readonly signal: AbortSignal;
}

/** What became of the rows of a table that waited. */
export interface SettledRows {
  readonly table: string;
  readonly written: number;
  readonly rejected: number;
}

const checkNow = 'SET CONSTRAINTS ALL IMMEDIATE';

/**
 * Writes the rows of a circle that waited for their parents, all in one transaction with their counts; those whose parents never came become rejects.
 * Nothing happens where nothing waits, so it can be repeated. Throws `row-refused-by-server` under `stop`, and `too-many-rejects`.
 */
export function settleCircle(work: SettleWork): Promise<readonly SettledRows[]> {
  return retryTransient(async () => (await work.target()).transaction((session) => settle(session, work)), work.dropTarget, work.signal);
}

/** A table with rows that wait, and its staging table. */
interface Pool {
  readonly table: CompiledTable;
  readonly staged: SqlStagedTable & { readonly pool: number };
  readonly rows: number;
}

async function settle(session: TargetSession, work: SettleWork): Promise<readonly SettledRows[]> {
  const { fence, tables, signal } = work;
  await requireHeld(session, fence, null);
  const held = await countHeld(
    session,
    fence.runId,
    tables.map(({ label }) => label),
  );
  const pools = tables
    .filter(({ label }) => held.has(label))
    .flatMap((table, pool): Pool[] => {
      const staged = stagedTable(table);
      return staged === null ? [] : [{ table, staged: { ...staged, pool }, rows: held.get(table.label) ?? 0 }];
    });
  if (pools.length === 0) return [];
  await session.query(createLeftOutSql);
  for (const { staged } of pools) {
    await prepareStaging(session, staged);
    await stage(session, staged, signal);
  }
  const staged = pools.map((pool) => pool.staged);
  const all = pools.reduce((sum, { rows }) => sum + rows, 0);
  if ((await attempt(session, () => writeAllStaged(session, staged, all, checkNow))) !== null) await writeSome(session, staged, all, work);
  for (const synced of staged.map(syncedTable)) if (synced !== null) await session.query(rememberSettledSql(synced));
  const settled: SettledRows[] = [];
  for (const pool of pools) settled.push(await account(session, pool, work));
  await forgetHeldRows(
    session,
    fence.runId,
    staged.map(({ label }) => label),
  );
  return settled;
}

/** Rows as they were encoded, each with its number before it. */
async function stage(session: TargetSession, table: SqlStagedTable, signal: AbortSignal): Promise<void> {
  const chunk = new Chunk();
  for await (const page of heldPages(session, table.runId, table.label)) {
    if (signal.aborted) throw new MigrationError('cancelled');
    chunk.reset();
    for (const { id, tuple } of page) addNumbered(chunk, id, tuple);
    await copyRows(session, copyToStagingSql(table), chunk, 0, chunk.rows, signal);
  }
}

async function* heldPages(session: TargetSession, runId: string, table: string): AsyncGenerator<readonly HeldTuple[]> {
  for (let after = 0n; ;) {
    const page = await readHeldPage(session, runId, table, after);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.id;
  }
}

/** A binary tuple is its number of fields, then each field behind its length. */
function addNumbered({ tuples, offsets }: Chunk, id: bigint, tuple: Uint8Array): void {
  const fields = Buffer.from(tuple.buffer, tuple.byteOffset, 2).readInt16BE();
  tuples.ensure(14);
  tuples.dataView.setInt16(tuples.position, fields + 1);
  tuples.dataView.setInt32(tuples.position + 2, 8);
  tuples.dataView.setBigInt64(tuples.position + 6, id);
  tuples.position += 14;
  tuples.copy(tuple, 2, tuple.byteLength);
  offsets.push(tuples.position);
}

/** Not all rows go in: those that certainly do not are left out by a few queries, and the rest is written at once, else as far as it goes. */
async function writeSome(session: TargetSession, tables: readonly SqlStagedTable[], all: number, work: SettleWork): Promise<void> {
  const left = (await attempt(session, () => leaveOutKnown(session, tables))) === null ? await dropLeftOut(session, tables) : 0;
  if (left === all) return;
  if ((await attempt(session, () => writeAllStaged(session, tables, all - left, checkNow))) !== null)
    await writeOneByOne(session, tables, work.policy.redactValues);
}

async function leaveOutKnown(session: TargetSession, tables: readonly SqlStagedTable[]): Promise<void> {
  try {
    for (const sql of tables.flatMap((table, place) => leaveOutTakenSql(table, place))) await session.query(sql);
    await dropLeftOut(session, tables);
    await session.query(createWaitingSql);
    for (const sql of findWaitingSql(tables, () => true)) await session.query(sql);
    await session.query(indexWaitingSql);
    await session.query(leaveOutLackingSql);
  } catch (error) {
    if (!(error instanceof MigrationError) || error.kind !== 'terminal' || error.code === 'no-privilege') throw error;
    // A value that cannot be cast to its column: the rows are told apart by writing them.
    throw new MigrationError('row-refused', { context: error.context, cause: error });
  }
}

async function dropLeftOut(session: TargetSession, tables: readonly SqlStagedTable[]): Promise<number> {
  for (const [place, table] of tables.entries()) await session.query(dropLeftOutSql(table, place));
  const { rows } = await session.query('SELECT count(*) AS rows FROM pg_temp.sluice_left_out');
  return Number(rows[0]?.['rows']);
}

/** Table by table, again while something goes in and something else still lacks its parent. */
async function writeOneByOne(session: TargetSession, tables: readonly SqlStagedTable[], redactValues: boolean): Promise<void> {
  const left = new Map<SqlStagedTable, readonly string[]>();
  for (const table of tables) {
    const { rows } = await session.query(stagedNumbersSql(table));
    left.set(
      table,
      rows.map((row) => String(row['row'])),
    );
  }
  const reasons = new Map<SqlStagedTable, readonly string[]>();
  for (let again = true; again;) {
    let [written, lacking] = [0, 0];
    for (const [table, rows] of left) {
      const { refused } = await isolateBadRows(session, rows.length, (from, to) =>
        writeAllStaged(session, [table], to - from, checkNow, { rows: rows.slice(from, to), condition: oneOfRows }),
      );
      written += rows.length - refused.length;
      lacking += refused.filter(({ error }) => error.context.sqlstate === '23503').length;
      const inOrder = refused.toSorted((a, b) => a.row - b.row);
      left.set(
        table,
        inOrder.map(({ row }) => rows[row] ?? ''),
      );
      reasons.set(
        table,
        inOrder.map(({ error }) => refusalMessage(error, redactValues)),
      );
    }
    again = written > 0 && lacking > 0;
  }
  for (const [place, table] of tables.entries())
    await session.query(leaveOutRowsSql(place), [left.get(table) ?? [], reasons.get(table) ?? []]);
}

/** Rejects and counts of one table, now that its rows are in. */
async function account(session: TargetSession, { table, staged, rows }: Pool, { fence, policy }: SettleWork): Promise<SettledRows> {
  const { runId } = fence;
  const examples = await firstLeftOut(session, runId, table.label, staged.pool);
  const [first] = examples;
  if (policy.onReject === 'stop' && first !== undefined)
    throw new MigrationError('row-refused-by-server', { context: { table: table.label, row: first.provenance, detail: first.message } });
  const rejected = await rejectLeftOut(session, runId, table.label, staged.pool);
  await refuseTooManyRejects(session, runId, table.label, examples, policy.maxRejects);
  const summer = TupleSummer.create(table.columns, table.key);
  const sums = new BucketSums();
  for await (const page of heldPages(session, runId, table.label))
    for (const { tuple } of page) summer.add(sums, Buffer.from(tuple.buffer, tuple.byteOffset, tuple.byteLength), 0, tuple.byteLength);
  const written = rows - rejected;
  await insertAdjustment(session, fence, table.label, {
    rowsRead: rows,
    rowsWritten: written,
    rowsRejected: rejected,
    bytes: 0,
    milliseconds: 0,
    counts: await sumHeldChanges(session, runId, table.label),
    contentHash: sums.toBytes(),
  });
  return { table: table.label, written, rejected };
}
