import { MigrationError } from '../errors.ts';
import { rowAt, rowsIn, type RowBatch } from '../model/row-batch.ts';
import type { ColumnConversion } from '../model/type-mapping.ts';
import type { RowEncoder } from '../mapping/row-encoder.ts';
import type { Chunk } from './chunk.ts';
import { conversionReject } from './describe-reject.ts';

/** How rows that cannot be converted, or that the server refuses, are met. */
export interface RejectPolicy {
  readonly onReject: 'stop' | 'quarantine';
  /** Values stay out of `sluice.reject`. */
  readonly redactValues: boolean;
  /** Rejects of the whole run that are still bearable; null = any number. */
  readonly maxRejects: number | null;
}

/** Where reading stands between chunks: a batch may be cut by a full chunk. */
export interface ReadPosition {
  readonly batches: AsyncIterator<RowBatch>;
  batch: RowBatch | null;
  row: number;
}

/**
 * Encodes rows until the chunk is full or the range ends. The source gives the event loop a turn between batches, so that the chunk before, which
 * is being sent meanwhile, moves on and an abort is heard.
 */
export async function fillChunk(
  chunk: Chunk,
  position: ReadPosition,
  encoder: RowEncoder,
  columns: readonly ColumnConversion[],
  policy: RejectPolicy,
): Promise<void> {
  chunk.reset();
  while (!isFull(chunk, policy)) {
    if (position.batch === null || position.row >= rowsIn(position.batch)) {
      const next = await position.batches.next();
      if (next.done === true) {
        chunk.last = true;
        return;
      }
      position.batch = next.value;
      position.row = 0;
    }
    encodeBatch(chunk, position, position.batch, encoder, columns, policy);
  }
}

/** A chunk with more rejects than the run may have is refused as a whole, so nothing more need be read. */
function isFull(chunk: Chunk, { maxRejects }: RejectPolicy): boolean {
  return chunk.full || (maxRejects !== null && chunk.rejects.length > maxRejects);
}

function encodeBatch(
  chunk: Chunk,
  position: ReadPosition,
  batch: RowBatch,
  encoder: RowEncoder,
  columns: readonly ColumnConversion[],
  policy: RejectPolicy,
): void {
  const run = { first: chunk.rows, rows: [] as number[], batch };
  chunk.origins.push(run);
  const size = rowsIn(batch);
  let row = position.row;
  for (; row < size && !isFull(chunk, policy); row++) {
    const failure = encoder.encodeFrom(batch, row, chunk.tuples);
    if (failure === null) {
      chunk.offsets.push(chunk.tuples.position);
      run.rows.push(row);
    } else {
      const provenance = batch.provenanceAt(row);
      if (policy.onReject === 'stop')
        throw new MigrationError('row-rejected', {
          context: {
            ...(failure.column !== null && { column: failure.column }),
            row: provenance,
            reject: failure.code,
            detail: failure.message,
          },
        });
      chunk.reject(conversionReject(failure, { provenance, values: rowAt(batch, row), columns }, policy.redactValues));
    }
    chunk.rowsRead++;
  }
  chunk.cursor = batch.cursorAt(row - 1);
  position.row = row;
}
