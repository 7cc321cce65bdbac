import { MigrationError } from '../errors.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { moveCheckpoint, readCheckpoint, type Checkpoint, type Fence } from '../state/checkpoint-store.ts';
import { insertRejects, refuseTooManyRejects, type RejectRecord } from '../state/reject-store.ts';
import { BucketSums } from '../tuple/bucket-sums.ts';
import { retryTransient } from '../target/retry-transient.ts';
import type { SqlStagedTable } from '../sql/existing/staging.ts';
import type { Target, TargetSession } from '../target/target.ts';
import { ChangeCounter, sumChanges, type ChangeCounts } from './change-counter.ts';
import type { Chunk } from './chunk.ts';
import { copyRows } from './copy-rows.ts';
import { refusalReject } from './describe-reject.ts';
import type { RejectPolicy } from './fill-chunk.ts';
import { findTakenKeys } from './find-taken-keys.ts';
import { isolateBadRows } from './isolate-bad-rows.ts';
import { nameFirstRefused } from './name-first-refused.ts';
import { sumRows } from './sum-rows.ts';
import { prepareStaging, writeStaged } from './write-staged.ts';
import type { TupleSummer } from '../tuple/tuple-summer.ts';
import type { WorkerTarget } from './worker-target.ts';

export interface ChunkSender extends WorkerTarget {
  /** COPY … FROM STDIN of the table. */
  readonly copySql: string;
  /** The table was there before the run: rows go through a staging table. null = straight into it. */
  readonly staged: SqlStagedTable | null;
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
  chunk: Chunk,
  counts: ChangeCounts,
  milliseconds: number,
): Promise<Checkpoint> {
  try {
    return await target.transaction(async (session) => {
      await begin(session, sender);
      await storeRows(session, sender, chunk, 0, chunk.rows);
      const sums = sumRows(sender.summer, chunk, [[0, chunk.rows]], sumsOf(before));
      return moveBehind(session, sender, before, chunk, { written: chunk.rows, rejects: chunk.rejects, sums, counts, milliseconds });
    });
  } catch (error) {
    if (!(error instanceof MigrationError) || error.kind !== 'row') throw error;
    if (sender.policy.onReject === 'stop' && sender.staged !== null)
      throw await nameFirstRefused(target, sender.staged, chunk, error, sender.signal);
    if (sender.policy.onReject === 'stop')
      throw new MigrationError('row-refused-by-server', {
        context: { ...error.context, table: before.table, detail: error.message },
        cause: error,
      });
    return target.transaction(async (session) => {
      await begin(session, sender);
      const known = sender.staged === null ? [] : await findTakenKeys(session, sender.staged, chunk, sender.signal);
      const good = await isolateBadRows(session, chunk.rows, (from, to) => storeRows(session, sender, chunk, from, to), known);
      const changes = new ChangeCounter(sender.table);
      const refused = good.refused.map((bad) => {
        const origin = chunk.originOf(bad.row);
        changes.add(origin.values);
        return refusalReject(bad.error, { ...origin, columns: sender.table.columns }, sender.policy.redactValues);
      });
      const sums = sumRows(sender.summer, chunk, good.accepted, sumsOf(before));
      const written = good.accepted.reduce((sum, [from, to]) => sum + to - from, 0);
      const rejects = [...chunk.rejects, ...refused];
      return moveBehind(session, sender, before, chunk, { written, rejects, sums, counts: changes.takeFrom(counts), milliseconds });
    });
  }
}

async function begin(session: TargetSession, { staged }: ChunkSender): Promise<void> {
  if (staged !== null) await prepareStaging(session, staged);
}

function storeRows(
  session: TargetSession,
  { staged, copySql, signal }: ChunkSender,
  chunk: Chunk,
  from: number,
  to: number,
): Promise<void> {
  return staged === null ? copyRows(session, copySql, chunk, from, to, signal) : writeStaged(session, staged, chunk, from, to, signal);
}

interface ChunkOutcome {
  readonly written: number;
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
    rowsRead: before.rowsRead + chunk.rowsRead,
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
