import { MigrationError } from '../errors.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { moveCheckpoint, readCheckpoint, type Checkpoint, type Fence } from '../state/checkpoint-store.ts';
import { insertRejects, refuseTooManyRejects, type RejectRecord } from '../state/reject-store.ts';
import { BucketSums } from '../tuple/bucket-sums.ts';
import { retryTransient } from '../target/retry-transient.ts';
import type { Target, TargetSession } from '../target/target.ts';
import type { Chunk } from './chunk.ts';
import { refusalReject } from './describe-reject.ts';
import type { RejectPolicy } from './fill-chunk.ts';
import { isolateBadRows } from './isolate-bad-rows.ts';
import { nameFirstRefused } from './name-first-refused.ts';
import type { RowWriter } from './row-writer.ts';
import { sumRows } from './sum-rows.ts';
import type { TupleSummer } from '../tuple/tuple-summer.ts';
import type { WorkerTarget } from './worker-target.ts';

export interface ChunkSender extends WorkerTarget {
  readonly writer: RowWriter;
  readonly summer: TupleSummer;
  readonly table: Pick<CompiledTable, 'columns'>;
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
  counts: Readonly<Record<string, number>>,
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
  chunk: Chunk,
  counts: Readonly<Record<string, number>>,
  milliseconds: number,
): Promise<Checkpoint> {
  try {
    return await target.transaction(async (session) => {
      await sender.writer.begin(session);
      await sender.writer.write(session, chunk, 0, chunk.rows);
      const sums = sumRows(sender.summer, chunk, [[0, chunk.rows]], sumsOf(before));
      return moveBehind(session, sender, before, chunk, { written: chunk.rows, rejects: chunk.rejects, sums, counts, milliseconds });
    });
  } catch (error) {
    if (!(error instanceof MigrationError) || error.kind !== 'row') throw error;
    const { staged } = sender.writer;
    if (sender.policy.onReject === 'stop' && staged !== null) throw await nameFirstRefused(target, staged, chunk, error, sender.signal);
    if (sender.policy.onReject === 'stop')
      throw new MigrationError('row-refused-by-server', {
        context: { ...error.context, table: before.table, detail: error.message },
        cause: error,
      });
    return target.transaction(async (session) => {
      const { writer } = sender;
      await writer.begin(session);
      const known = await writer.findTaken(session, chunk);
      const good = await isolateBadRows(session, chunk.rows, (from, to) => writer.write(session, chunk, from, to), known);
      const refused = good.refused.map((bad) =>
        refusalReject(bad.error, { ...chunk.originOf(bad.row), columns: sender.table.columns }, sender.policy.redactValues),
      );
      const sums = sumRows(sender.summer, chunk, good.accepted, sumsOf(before));
      const written = good.accepted.reduce((sum, [from, to]) => sum + to - from, 0);
      return moveBehind(session, sender, before, chunk, { written, rejects: [...chunk.rejects, ...refused], sums, counts, milliseconds });
    });
  }
}

interface ChunkOutcome {
  readonly written: number;
  readonly rejects: readonly RejectRecord[];
  readonly sums: BucketSums;
  readonly counts: Readonly<Record<string, number>>;
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
    rowsRead: before.rowsRead + chunk.rowsRead,
    rowsWritten: before.rowsWritten + outcome.written,
    rowsRejected: before.rowsRejected + outcome.rejects.length,
    bytes: before.bytes + chunk.tuples.position,
    milliseconds: before.milliseconds + outcome.milliseconds,
    counts: addCounts(before.counts, outcome.counts),
    contentHash: outcome.sums.toBytes(),
  };
  await moveCheckpoint(session, sender.fence, before.position, after);
  return after;
}

function sumsOf({ contentHash }: Checkpoint): BucketSums {
  return contentHash === null ? new BucketSums() : BucketSums.fromBytes(contentHash);
}

function addCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
