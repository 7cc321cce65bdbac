import { MigrationError } from '../errors.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { moveCheckpoint, readCheckpoint, type Checkpoint, type Fence } from '../state/checkpoint-store.ts';
import { insertHeldRows, type HeldRow } from '../state/held-store.ts';
import { insertRejects, refuseTooManyRejects, type RejectRecord } from '../state/reject-store.ts';
import { BucketSums } from '../tuple/bucket-sums.ts';
import { retryTransient } from '../target/retry-transient.ts';
import type { Target, TargetSession } from '../target/target.ts';
import { ChangeCounter, sumChanges, type ChangeCounts } from './change-counter.ts';
import type { Chunk } from './chunk.ts';
import { refusalReject } from './describe-reject.ts';
import type { RejectPolicy } from './fill-chunk.ts';
import { nameFirstRefused } from './name-first-refused.ts';
import type { RowWriter } from './row-writer.ts';
import { siftRows } from './sift-rows.ts';
import type { SyncedChunks } from './sync/synced-chunk.ts';
import { sumRows } from './sum-rows.ts';
import type { TupleSummer } from '../tuple/tuple-summer.ts';
import type { WorkerTarget } from './worker-target.ts';

export interface ChunkSender extends WorkerTarget {
  readonly writer: RowWriter;
  /** null: every row is written. */
  readonly sync: SyncedChunks | null;
  readonly summer: TupleSummer;
  readonly table: Pick<CompiledTable, 'columns' | 'options'>;
  readonly fence: Fence;
  readonly policy: RejectPolicy;
  readonly signal: AbortSignal;
}

/**
 * Makes one chunk durable: COPY, rejects and checkpoint in one transaction. A transient failure reconnects and sends again, but first reads the
 * checkpoint: the commit may have happened although its answer was lost. Returns the checkpoint as it is now.
 */
export async function sendChunk(
  sender: ChunkSender,
  before: Checkpoint,
  chunk: Chunk,
  counts: ChangeCounts,
  milliseconds: number,
): Promise<Checkpoint> {
  let attempts = 0;
  return retryTransient(
    async () => {
      const target = await sender.target();
      if (attempts++ > 0) {
        const stored = await readCheckpoint(target, sender.fence.runId, before.table, before.chunk);
        if (stored !== null && (stored.done || stored.position !== before.position)) return stored;
      }
      return commitChunk(sender, target, before, chunk, counts, milliseconds);
    },
    sender.dropTarget,
    sender.signal,
  );
}

async function commitChunk(
  sender: ChunkSender,
  target: Target,
  before: Checkpoint,
  whole: Chunk,
  counts: ChangeCounts,
  milliseconds: number,
): Promise<Checkpoint> {
  let chunk = whole;
  try {
    return await target.transaction(async (session) => {
      await sender.writer.begin(session);
      chunk = (await sender.sync?.narrow(session, whole)) ?? whole;
      await sender.writer.write(session, chunk, 0, chunk.rows);
      await sender.sync?.remember(session, { written: { chunk, ranges: [[0, chunk.rows]] }, waiting: null, refused: null });
      const sums = sumRows(sender.summer, chunk, [[0, chunk.rows]], sumsOf(before));
      return moveBehind(session, sender, before, chunk, {
        written: chunk.rows,
        held: 0,
        rejects: chunk.rejects,
        sums,
        counts,
        milliseconds,
      });
    });
  } catch (error) {
    if (!(error instanceof MigrationError) || error.kind !== 'row') throw error;
    const { staged } = sender.writer;
    const mayWait = staged !== null && staged.circle.length > 0;
    if (sender.policy.onReject === 'stop' && staged !== null && !mayWait)
      throw await nameFirstRefused(target, staged, chunk, error, sender.signal);
    if (sender.policy.onReject === 'stop' && !mayWait)
      throw new MigrationError('row-refused-by-server', {
        context: { ...error.context, table: before.table, detail: error.message },
        cause: error,
      });
    return target.transaction((session) => commitSifted(session, sender, before, chunk, counts, milliseconds));
  }
}

/** What the server took and what it refused of a chunk, and what may still have its parents come. */
async function commitSifted(
  session: TargetSession,
  sender: ChunkSender,
  before: Checkpoint,
  chunk: Chunk,
  counts: ChangeCounts,
  milliseconds: number,
): Promise<Checkpoint> {
  const { writer, sync, policy, table, summer, fence } = sender;
  await writer.begin(session);
  const { good, accepted, refused, held } = await siftRows(session, writer, chunk);
  const [first] = refused;
  if (policy.onReject === 'stop' && first !== undefined)
    throw new MigrationError('row-refused-by-server', {
      context: { ...first.error.context, table: before.table, detail: first.error.message, row: chunk.originOf(first.row).provenance },
      cause: first.error,
    });
  const changes = new ChangeCounter(table);
  let stayed = counts;
  const takeOut = ({ row, error }: (typeof refused)[number]): Pick<HeldRow, 'reject' | 'changes'> => {
    const origin = chunk.originOf(row);
    const changed = changes.of(origin.values);
    stayed = sumChanges(stayed, changed, -1);
    return { reject: refusalReject(error, { ...origin, columns: table.columns }, policy.redactValues), changes: changed };
  };
  const waiting = held.rows.map((row, i) => ({ tuple: held.chunk.tupleOf(i), ...takeOut(row) }));
  await insertHeldRows(session, fence.runId, before.table, waiting);
  const out = chunk.pick(refused.map(({ row }) => row));
  await sync?.remember(session, { written: { chunk: good, ranges: accepted }, waiting: held.chunk, refused: out });
  const sums = sumRows(summer, good, accepted, sumsOf(before));
  const written = accepted.reduce((sum, [from, to]) => sum + to - from, 0);
  const rejects = [...chunk.rejects, ...refused.map((row) => takeOut(row).reject)];
  return moveBehind(session, sender, before, chunk, { written, held: waiting.length, rejects, sums, counts: stayed, milliseconds });
}

interface ChunkOutcome {
  readonly written: number;
  /** Rows that wait: they count as read when it is known what becomes of them. */
  readonly held: number;
  readonly rejects: readonly RejectRecord[];
  readonly sums: BucketSums;
  readonly counts: ChangeCounts;
  readonly milliseconds: number;
}

async function moveBehind(
  session: TargetSession,
  sender: ChunkSender,
  before: Checkpoint,
  chunk: Chunk,
  outcome: ChunkOutcome,
): Promise<Checkpoint> {
  await insertRejects(session, sender.fence.runId, before.table, outcome.rejects);
  await refuseTooManyRejects(session, sender.fence.runId, before.table, outcome.rejects, sender.policy.maxRejects);
  const after: Checkpoint = {
    ...before,
    position: chunk.cursor ?? before.position,
    done: chunk.last,
    rowsRead: before.rowsRead + chunk.rowsRead - outcome.held,
    rowsWritten: before.rowsWritten + outcome.written,
    rowsRejected: before.rowsRejected + outcome.rejects.length,
    bytes: before.bytes + chunk.tuples.position,
    milliseconds: before.milliseconds + outcome.milliseconds,
    counts: sumChanges(before.counts, outcome.counts),
    contentHash: outcome.sums.toBytes(),
  };
  await moveCheckpoint(session, sender.fence, before.position, after);
  return after;
}

function sumsOf({ contentHash }: Checkpoint): BucketSums {
  return contentHash === null ? new BucketSums() : BucketSums.fromBytes(contentHash);
}
