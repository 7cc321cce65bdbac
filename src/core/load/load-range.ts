import { MigrationError } from '../errors.ts';
import { compileRowEncoder } from '../mapping/row-encoder.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Checkpoint } from '../state/checkpoint-store.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';
import { fillChunk, type ReadPosition, type TableEncoder } from './fill-chunk.ts';
import { GroupChunk } from './group-chunk.ts';
import { readTogether, type RowReader } from '../sources/read-together.ts';
import { rowWriter } from './row-writer.ts';
import { sendChunk, type ChunkSender } from './send-chunk.ts';
import { syncedChunks } from './sync/synced-chunk.ts';

export type { RejectPolicy } from './fill-chunk.ts';

/** What one chunk brought to one table. */
export interface LoadedChunk {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  readonly rejected: number;
}

export interface LoadRequest extends Omit<ChunkSender, 'tables'> {
  readonly source: RowReader;
  /** Read in one pass and written in this order; a source without groups reads one. */
  readonly tables: readonly CompiledTable[];
  /** One for each table, all of the same range and at the same position. */
  readonly checkpoints: readonly Checkpoint[];
  /** Mode sync: provenance of rows whose key a row before them has, one set for each table. */
  readonly duplicates: readonly ReadonlySet<string>[];
  readonly onChunk: (chunk: LoadedChunk) => void;
  /** Milliseconds from any start; workers have no Clock of their own. */
  readonly elapsed: () => number;
}

/** Loads the rest of one key range, chunk by chunk; while one chunk is sent the next is read and encoded. Resolves with the final checkpoints. */
export async function loadRange(request: LoadRequest): Promise<readonly Checkpoint[]> {
  const { source, tables, signal } = request;
  const [first] = request.checkpoints;
  if (first === undefined || first.done) return request.checkpoints;
  const encoders = tables.map((table) => ({ table, encoder: compileRowEncoder(table.columns, table.options) }));
  const sender: ChunkSender = {
    ...request,
    tables: tables.map((table, i) => {
      const summer = TupleSummer.create(table.columns, table.key);
      const duplicates = request.duplicates[i] ?? new Set();
      return { table, writer: rowWriter(table, signal), summer, sync: syncedChunks(table, { ...request, summer, duplicates }) };
    }),
  };
  const after = first.position ?? first.range.after;
  const reading = readTogether(source, tables, {
    ...(after === undefined ? {} : { after }),
    ...(first.range.upTo === undefined ? {} : { upTo: first.range.upTo }),
    signal,
  });
  const position: ReadPosition = { steps: reading, step: null, row: 0 };
  try {
    return await pump(request, sender, position, encoders);
  } finally {
    await reading.return();
  }
}

async function pump(
  request: LoadRequest,
  sender: ChunkSender,
  position: ReadPosition,
  encoders: readonly TableEncoder[],
): Promise<readonly Checkpoint[]> {
  let sending: Promise<readonly Checkpoint[]> = Promise.resolve(request.checkpoints);
  let spare = new GroupChunk(encoders.length);
  let filling = new GroupChunk(encoders.length);
  let started = request.elapsed();
  for (;;) {
    try {
      await fillChunk(filling, position, encoders, request.policy);
    } catch (error) {
      // The chunk under way owns this worker's session until it settles; the first error is the one to tell.
      await sending.catch(() => undefined);
      throw error;
    }
    const counts = encoders.map(({ encoder }) => encoder.takeCounts());
    const before = await sending;
    if (request.signal.aborted) throw new MigrationError('cancelled');
    const chunk = filling;
    const now = request.elapsed();
    sending = sendChunk(sender, before, chunk, counts, Math.round(now - started)).then((checkpoints) => {
      tellChunk(request, chunk, before, checkpoints);
      return checkpoints;
    });
    // Its failure is met at the next `await sending`; until then it must not count as unhandled.
    sending.catch(() => undefined);
    started = now;
    if (chunk.last) return sending;
    filling = spare;
    spare = chunk;
  }
}

function tellChunk(request: LoadRequest, { parts }: GroupChunk, before: readonly Checkpoint[], after: readonly Checkpoint[]): void {
  for (const [i, checkpoint] of after.entries()) {
    request.onChunk({
      table: checkpoint.table,
      // Rows that wait are read as well, though the checkpoint does not count them yet.
      rows: parts[i]?.rowsRead ?? 0,
      bytes: checkpoint.bytes - (before[i]?.bytes ?? 0),
      rejected: checkpoint.rowsRejected - (before[i]?.rowsRejected ?? 0),
    });
  }
}
