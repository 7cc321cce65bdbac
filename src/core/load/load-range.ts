import { MigrationError } from '../errors.ts';
import { compileRowEncoder } from '../mapping/row-encoder.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Source } from '../sources/source.ts';
import type { Checkpoint } from '../state/checkpoint-store.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';
import { Chunk } from './chunk.ts';
import { fillChunk, type ReadPosition } from './fill-chunk.ts';
import { rowWriter } from './row-writer.ts';
import { sendChunk, type ChunkSender } from './send-chunk.ts';
import { syncedChunks } from './sync/synced-chunk.ts';

export type { RejectPolicy } from './fill-chunk.ts';

export interface LoadRequest extends Omit<ChunkSender, 'writer' | 'summer' | 'sync'> {
  readonly source: Source;
  readonly table: CompiledTable;
  readonly checkpoint: Checkpoint;
  /** Mode sync: provenance of rows whose key a row before them has. */
  readonly duplicates: ReadonlySet<string>;
  readonly onChunk: (chunk: { readonly rows: number; readonly bytes: number; readonly rejected: number }) => void;
  /** Milliseconds from any start; workers have no Clock of their own. */
  readonly elapsed: () => number;
}

/** Loads the rest of one key range, chunk by chunk; while one chunk is sent the next is read and encoded. Resolves with the final checkpoint. */
export async function loadRange(request: LoadRequest): Promise<Checkpoint> {
  const { source, table, signal } = request;
  if (request.checkpoint.done) return request.checkpoint;
  const encoder = compileRowEncoder(table.columns, table.options);
  const summer = TupleSummer.create(table.columns, table.key);
  const sender: ChunkSender = {
    ...request,
    writer: rowWriter(table, signal),
    sync: syncedChunks(table, { ...request, summer }),
    summer,
  };
  const after = request.checkpoint.position ?? request.checkpoint.range.after;
  const reading = source.readBatches(table.from, {
    ...(after === undefined ? {} : { after }),
    ...(request.checkpoint.range.upTo === undefined ? {} : { upTo: request.checkpoint.range.upTo }),
    columns: table.columns.map((column) => column.from),
    signal,
  });
  const position: ReadPosition = { batches: reading[Symbol.asyncIterator](), batch: null, row: 0 };
  try {
    return await pump(request, sender, position, encoder);
  } finally {
    await position.batches.return?.();
  }
}

async function pump(
  request: LoadRequest,
  sender: ChunkSender,
  position: ReadPosition,
  encoder: ReturnType<typeof compileRowEncoder>,
): Promise<Checkpoint> {
  let sending: Promise<Checkpoint> = Promise.resolve(request.checkpoint);
  let spare = new Chunk();
  let filling = new Chunk();
  let started = request.elapsed();
  for (;;) {
    try {
      await fillChunk(filling, position, encoder, request.table.columns, request.policy);
    } catch (error) {
      // The chunk under way owns this worker's session until it settles; the first error is the one to tell.
      await sending.catch(() => undefined);
      throw error;
    }
    const counts = encoder.takeCounts();
    const before = await sending;
    if (request.signal.aborted) throw new MigrationError('cancelled');
    const chunk = filling;
    const now = request.elapsed();
    sending = sendChunk(sender, before, chunk, counts, Math.round(now - started)).then((checkpoint) => {
      request.onChunk({
        // Rows that wait are read as well, though the checkpoint does not count them yet.
        rows: chunk.rowsRead,
        bytes: checkpoint.bytes - before.bytes,
        rejected: checkpoint.rowsRejected - before.rowsRejected,
      });
      return checkpoint;
    });
    // Its failure is met at the next `await sending`; until then it must not count as unhandled.
    sending.catch(() => undefined);
    started = now;
    if (chunk.last) return sending;
    filling = spare;
    spare = chunk;
  }
}
