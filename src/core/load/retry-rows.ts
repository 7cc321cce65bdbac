import { MigrationError } from '../errors.ts';
import { compileRowEncoder, type RowEncoder } from '../mapping/row-encoder.ts';
import { rowAt, rowsIn, type RowBatch } from '../model/row-batch.ts';
import { quarantinedKeys } from '../plan/compiled-keys.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Source } from '../sources/source.ts';
import { insertAdjustment, type Fence } from '../state/checkpoint-store.ts';
import { closeRejects, countOpen, refreshRejects, type OpenReject, type RejectRecord } from '../state/reject-store.ts';
import { retryTransient } from '../target/retry-transient.ts';
import type { TargetSession } from '../target/target.ts';
import { BucketSums } from '../tuple/bucket-sums.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';
import { ChangeCounter, type ChangeCounts } from './change-counter.ts';
import { Chunk } from './chunk.ts';
import { conversionReject, documentReject, refusalReject } from './describe-reject.ts';
import { rowWriter } from './row-writer.ts';
import { siftRows } from './sift-rows.ts';
import { sumRows } from './sum-rows.ts';
import type { WorkerTarget } from './worker-target.ts';

export interface RetryWork extends WorkerTarget {
  readonly source: Source;
  readonly table: CompiledTable;
  readonly fence: Fence;
  readonly redactValues: boolean;
  /** Of this table. */
  readonly rejects: readonly OpenReject[];
  /** Places of documents that are still set aside: no row of what is in them goes in. */
  readonly aside: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly onChunk: (chunk: { readonly rows: number; readonly bytes: number; readonly rejected: number }) => void;
  /** Milliseconds from any start. */
  readonly elapsed: () => number;
}

export interface RetryOutcome {
  readonly written: number;
  /** Rows that PostgreSQL still refuses although they are converted by now, or whose document is still set aside. */
  readonly refused: number;
}

/** One chunk of a retry: encoded rows with their rejects, and rejects that still cannot be converted. */
interface RetryChunk {
  readonly chunk: Chunk;
  /** Reject of each encoded row. */
  readonly ids: string[];
  readonly failed: (RejectRecord & { readonly id: string })[];
  /** Rejects among them that wait for their document. */
  aside: number;
}

/**
 * Reads rejected rows of one table again, converts them by the plan as it is now, and writes those that fit: rows, marks on their rejects and counts in
 * one transaction a chunk, so that a retry that was cut off goes on without writing a row twice. Rejects that stay say why as of now.
 */
export async function retryRows(work: RetryWork): Promise<RetryOutcome> {
  const { table, source, signal } = work;
  const encoder = compileRowEncoder(table.columns, table.options);
  const ids = new Map(work.rejects.map(({ provenance, id }) => [provenance, id]));
  const filling: RetryChunk = { chunk: new Chunk(), ids: [], failed: [], aside: 0 };
  const total = { written: 0, refused: 0 };
  const send = async (): Promise<void> => {
    const sent = await sendRetry(work, filling, encoder);
    total.written += sent.written;
    total.refused += sent.refused + filling.aside;
    filling.aside = 0;
    filling.chunk.reset();
    filling.ids.length = filling.failed.length = 0;
  };
  const columns = table.columns.map((column) => column.from);
  for await (const batch of source.readPlaces(table.from, [...ids.keys()], { columns, signal })) {
    if (signal.aborted) throw new MigrationError('cancelled');
    encodeBatch(work, batch, ids, encoder, filling);
    if (filling.chunk.full) await send();
  }
  if (filling.ids.length + filling.failed.length > 0) await send();
  return total;
}

/** A batch has about a megabyte, so a chunk is cut between batches. */
function encodeBatch(work: RetryWork, batch: RowBatch, ids: ReadonlyMap<string, string>, encoder: RowEncoder, filling: RetryChunk): void {
  const { chunk } = filling;
  const { columns } = work.table;
  const run = { first: chunk.rows, rows: [] as number[], batch };
  chunk.origins.push(run);
  const size = rowsIn(batch);
  for (let row = 0; row < size; row++) {
    const provenance = batch.provenanceAt(row);
    const id = ids.get(provenance);
    if (id === undefined) continue;
    const document = batch.documentAt?.(row) ?? provenance;
    if (document !== provenance && work.aside.has(document)) {
      const reject = documentReject(document, { provenance, values: rowAt(batch, row), columns }, work.redactValues);
      filling.failed.push({ id, ...chunk.reject(reject) });
      filling.aside++;
      continue;
    }
    const failure = encoder.encodeFrom(batch, row, chunk.tuples);
    if (failure !== null) {
      const reject = conversionReject(failure, { provenance, values: rowAt(batch, row), columns }, work.redactValues);
      filling.failed.push({ id, ...chunk.reject(reject) });
      continue;
    }
    chunk.offsets.push(chunk.tuples.position);
    run.rows.push(row);
    filling.ids.push(id);
  }
}

async function sendRetry(work: RetryWork, filling: RetryChunk, encoder: RowEncoder): Promise<RetryOutcome> {
  const { fence, signal } = work;
  const counts = encoder.takeCounts();
  const started = work.elapsed();
  let attempts = 0;
  const sent = await retryTransient(
    async () => {
      const target = await work.target();
      // The answer to an earlier COMMIT may have been lost: then its rejects are not open any more.
      const open = attempts++ === 0 ? filling.ids.length : await countOpen(target, fence.runId, filling.ids);
      if (open < filling.ids.length) return { written: filling.ids.length - open, refused: open };
      return target.transaction((session) => commitRetry(session, work, filling, counts, started));
    },
    work.dropTarget,
    signal,
  );
  work.onChunk({ rows: filling.ids.length + filling.failed.length, bytes: filling.chunk.tuples.position, rejected: sent.refused });
  return sent;
}

async function commitRetry(
  session: TargetSession,
  work: RetryWork,
  { chunk, ids, failed }: RetryChunk,
  counts: ChangeCounts,
  started: number,
): Promise<RetryOutcome> {
  const { table, fence, signal, redactValues } = work;
  // A foreign key that is checked at the end of the transaction would refuse all of its rows.
  await session.query('SET CONSTRAINTS ALL IMMEDIATE');
  const writer = rowWriter(table, signal);
  await writer.begin(session);
  const sifted = await siftRows(session, writer, chunk);
  const refused = [...sifted.refused, ...sifted.held.rows];
  const changes = new ChangeCounter(table);
  const still = refused.map(({ row, error }) => {
    const origin = chunk.originOf(row);
    changes.add(origin.values);
    return { id: ids[row] ?? '', ...refusalReject(error, { ...origin, columns: table.columns }, redactValues, quarantinedKeys(table)) };
  });
  await refreshRejects(session, fence.runId, [...failed, ...still]);
  const written = chunk.rows - refused.length;
  if (written > 0) {
    const left = new Set(still.map(({ id }) => id));
    await closeRejects(
      session,
      fence,
      ids.filter((id) => !left.has(id)),
    );
    await insertAdjustment(session, fence, table.label, {
      rowsRead: 0,
      rowsWritten: written,
      rowsRejected: -written,
      bytes: chunk.tuples.position,
      milliseconds: Math.round(work.elapsed() - started),
      counts: changes.takeFrom(counts),
      contentHash: sumRows(TupleSummer.create(table.columns, table.key), sifted.good, sifted.accepted, new BucketSums()).toBytes(),
    });
  }
  return { written, refused: refused.length };
}
