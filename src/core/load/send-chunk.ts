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
import { GoneDocuments } from './gone-documents.ts';
import type { GroupChunk } from './group-chunk.ts';
import { nameFirstRefused } from './name-first-refused.ts';
import type { RowWriter } from './row-writer.ts';
import { siftRows } from './sift-rows.ts';
import type { SyncedChunks } from './sync/synced-chunk.ts';
import { sumRows } from './sum-rows.ts';
import type { TupleSummer } from '../tuple/tuple-summer.ts';
import type { WorkerTarget } from './worker-target.ts';

/** How rows of one table of a group get into the target. */
export interface TableSender {
  readonly table: Pick<CompiledTable, 'columns' | 'options'>;
  readonly writer: RowWriter;
  /** null: every row is written. */
  readonly sync: SyncedChunks | null;
  readonly summer: TupleSummer;
}

export interface ChunkSender extends WorkerTarget {
  /** In the order in which they are written: parents first. */
  readonly tables: readonly TableSender[];
  readonly fence: Fence;
  readonly policy: RejectPolicy;
  readonly signal: AbortSignal;
}

/**
 * Makes one chunk durable: COPY, rejects and checkpoints of all its tables in one transaction. A transient failure reconnects and sends again, but first
 * reads the checkpoints: the commit may have happened although its answer was lost. Returns the checkpoints as they are now. All lists are parallel.
 */
export async function sendChunk(
  sender: ChunkSender,
  before: readonly Checkpoint[],
  chunk: GroupChunk,
  counts: readonly ChangeCounts[],
  milliseconds: number,
): Promise<readonly Checkpoint[]> {
  const parts = sender.tables.map((table, i): SentPart => ({
    ...table,
    before: before[i] as Checkpoint,
    chunk: chunk.parts[i] as Chunk,
    counts: counts[i] as ChangeCounts,
    milliseconds,
    behind: chunk,
  }));
  let attempts = 0;
  return retryTransient(
    async () => {
      const target = await sender.target();
      return (attempts++ > 0 ? await findCommitted(target, sender, parts) : null) ?? commitChunk(sender, target, parts);
    },
    sender.dropTarget,
    sender.signal,
  );
}

/** What a chunk has for one table. */
interface SentPart extends TableSender {
  readonly before: Checkpoint;
  readonly chunk: Chunk;
  readonly counts: ChangeCounts;
  /** Of the whole chunk: its tables are read and sent together. */
  readonly milliseconds: number;
  readonly behind: Pick<GroupChunk, 'cursor' | 'last'>;
}

/** The checkpoints behind the chunk when it was committed, else null. One transaction moves all of them. */
async function findCommitted(target: Target, { fence }: ChunkSender, parts: readonly SentPart[]): Promise<readonly Checkpoint[] | null> {
  const stored: Checkpoint[] = [];
  for (const { before } of parts) {
    const found = await readCheckpoint(target, fence.runId, before.table, before.chunk);
    if (found === null || (!found.done && found.position === before.position)) return null;
    stored.push(found);
  }
  return stored;
}

async function commitChunk(sender: ChunkSender, target: Target, parts: readonly SentPart[]): Promise<readonly Checkpoint[]> {
  /** As they are sent, up to the one that is being written. */
  const sent: SentPart[] = [];
  try {
    return await target.transaction((session) =>
      eachPart(session, parts, async (whole) => {
        const part = await narrowed(session, whole);
        sent.push(part);
        const { chunk } = part;
        await part.writer.write(session, chunk, 0, chunk.rows);
        await part.sync?.remember(session, { written: { chunk, ranges: [[0, chunk.rows]] }, waiting: null, refused: null });
        const sums = sumRows(part.summer, chunk, [[0, chunk.rows]], sumsOf(part.before));
        return moveBehind(session, sender, part, { written: chunk.rows, held: 0, rejects: chunk.rejects, sums, counts: part.counts });
      }),
    );
  } catch (error) {
    if (!(error instanceof MigrationError) || error.kind !== 'row') throw error;
    const mayWait = parts.some(({ writer }) => writer.staged !== null && writer.staged.circle.length > 0);
    if (sender.policy.onReject === 'stop' && !mayWait) throw await refusal(sender, target, sent, error);
    return target.transaction((session) => {
      const gone = new GoneDocuments(sender.policy.redactValues);
      return eachPart(session, parts, async (part) => commitSifted(session, sender, gone.without(await narrowed(session, part)), gone));
    });
  }
}

/** Mode sync: without the rows that the target has as they are. */
async function narrowed(session: TargetSession, part: SentPart): Promise<SentPart> {
  return part.sync === null ? part : { ...part, chunk: await part.sync.narrow(session, part.chunk) };
}

/** Prepares each table, in order, and does `work` for it. */
async function eachPart<T>(
  session: TargetSession,
  parts: readonly SentPart[],
  work: (part: SentPart) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = [];
  for (const [i, part] of parts.entries()) {
    await parts[i - 1]?.writer.end(session);
    await part.writer.begin(session);
    results.push(await work(part));
  }
  return results;
}

/** The error that ends a run under `stop`. `sent`: what was written, the part that was refused last. */
async function refusal({ signal }: ChunkSender, target: Target, sent: readonly SentPart[], error: MigrationError): Promise<MigrationError> {
  const { writer, before, chunk } = sent.at(-1) as SentPart;
  if (writer.staged === null)
    return new MigrationError('row-refused-by-server', {
      context: { ...error.context, table: before.table, detail: error.message },
      cause: error,
    });
  const parents = sent.slice(0, -1);
  return nameFirstRefused(target, writer.staged, chunk, error, signal, async (session) => {
    await eachPart(session, parents, (part) => part.writer.write(session, part.chunk, 0, part.chunk.rows));
    await parents.at(-1)?.writer.end(session);
  });
}

/** What the server took and what it refused of a table's rows, and what may still have its parents come. */
async function commitSifted(session: TargetSession, sender: ChunkSender, part: SentPart, gone: GoneDocuments): Promise<Checkpoint> {
  const { policy, fence } = sender;
  const { writer, sync, table, summer, chunk, before } = part;
  const { good, accepted, refused, held } = await siftRows(session, writer, chunk);
  const [first] = refused;
  if (policy.onReject === 'stop' && first !== undefined)
    throw new MigrationError('row-refused-by-server', {
      context: { ...first.error.context, table: before.table, detail: first.error.message, row: chunk.originOf(first.row).provenance },
      cause: first.error,
    });
  const changes = new ChangeCounter(table);
  let counts = part.counts;
  const takeOut = ({ row, error }: (typeof refused)[number]): Pick<HeldRow, 'reject' | 'changes'> => {
    const origin = chunk.originOf(row);
    const changed = changes.of(origin.values);
    counts = sumChanges(counts, changed, -1);
    return { reject: refusalReject(error, { ...origin, columns: table.columns }, policy.redactValues), changes: changed };
  };
  const waiting = held.rows.map((row, i) => ({ tuple: held.chunk.tupleOf(i), ...takeOut(row) }));
  await insertHeldRows(session, fence.runId, before.table, waiting);
  const out = chunk.pick(refused.map(({ row }) => row));
  await sync?.remember(session, { written: { chunk: good, ranges: accepted }, waiting: held.chunk, refused: out });
  const sums = sumRows(summer, good, accepted, sumsOf(before));
  const written = accepted.reduce((sum, [from, to]) => sum + to - from, 0);
  gone.add(refused.map(({ row }) => chunk.originOf(row)));
  const rejects = [...chunk.rejects, ...refused.map((row) => takeOut(row).reject)];
  return moveBehind(session, sender, part, { written, held: waiting.length, rejects, sums, counts });
}

interface ChunkOutcome {
  readonly written: number;
  /** Rows that wait: they count as read when it is known what becomes of them. */
  readonly held: number;
  readonly rejects: readonly RejectRecord[];
  readonly sums: BucketSums;
  readonly counts: ChangeCounts;
}

async function moveBehind(
  session: TargetSession,
  sender: ChunkSender,
  { before, chunk, milliseconds, behind }: SentPart,
  outcome: ChunkOutcome,
): Promise<Checkpoint> {
  await insertRejects(session, sender.fence.runId, before.table, outcome.rejects);
  await refuseTooManyRejects(session, sender.fence.runId, before.table, outcome.rejects, sender.policy.maxRejects);
  const after: Checkpoint = {
    ...before,
    position: behind.cursor ?? before.position,
    done: behind.last,
    rowsRead: before.rowsRead + chunk.rowsRead - outcome.held,
    rowsWritten: before.rowsWritten + outcome.written,
    rowsRejected: before.rowsRejected + outcome.rejects.length,
    bytes: before.bytes + chunk.tuples.position,
    milliseconds: before.milliseconds + milliseconds,
    counts: sumChanges(before.counts, outcome.counts),
    contentHash: outcome.sums.toBytes(),
  };
  await moveCheckpoint(session, sender.fence, before.position, after);
  return after;
}

function sumsOf({ contentHash }: Checkpoint): BucketSums {
  return contentHash === null ? new BucketSums() : BucketSums.fromBytes(contentHash);
}
