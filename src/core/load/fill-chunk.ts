import { MigrationError } from '../errors.ts';
import { InvalidText, type SourceValue } from '../model/source-value.ts';
import type { RowBatch } from '../model/row-batch.ts';
import type { ColumnConversion, ConversionFailure } from '../model/type-mapping.ts';
import type { RowEncoder } from '../mapping/row-encoder.ts';
import type { RejectRecord } from '../state/reject-store.ts';
import type { Chunk } from './chunk.ts';

/** How rows that cannot be converted, or that the server refuses, are met. */
export interface RejectPolicy {
  readonly onReject: 'stop' | 'quarantine';
  /** Values stay out of `sluice.reject`. */
  readonly redactValues: boolean;
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
  while (!chunk.full) {
    if (position.batch === null || position.row >= position.batch.rows.length) {
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

function encodeBatch(
  chunk: Chunk,
  position: ReadPosition,
  batch: RowBatch,
  encoder: RowEncoder,
  columns: readonly ColumnConversion[],
  policy: RejectPolicy,
): void {
  const run = { first: chunk.rows, rows: [] as number[], at: batch.provenanceAt };
  chunk.provenances.push(run);
  let row = position.row;
  for (; row < batch.rows.length && !chunk.full; row++) {
    const values = batch.rows[row] ?? [];
    const failure = encoder.encode(values, chunk.tuples);
    if (failure === null) {
      chunk.offsets.push(chunk.tuples.position);
      run.rows.push(row);
    } else {
      chunk.rejects.push(toReject(failure, values, columns, batch.provenanceAt(row), policy));
    }
    chunk.rowsRead++;
  }
  chunk.cursor = batch.cursorAt(row - 1);
  position.row = row;
}

function toReject(
  failure: ConversionFailure,
  values: readonly SourceValue[],
  columns: readonly ColumnConversion[],
  provenance: string,
  policy: RejectPolicy,
): RejectRecord {
  if (policy.onReject === 'stop') {
    throw new MigrationError('row-rejected', {
      context: { column: failure.column, row: provenance, reject: failure.code, detail: failure.message },
    });
  }
  const index = columns.findIndex((column) => column.to === failure.column || column.from === failure.column);
  return {
    provenance,
    column: failure.column,
    code: failure.code,
    message: failure.message,
    value: policy.redactValues ? null : originalBytes(values[index] ?? null),
  };
}

/** The bytes a reject is kept with: text as UTF-8, numbers as their decimal text, bytes as they are. */
function originalBytes(value: SourceValue): Uint8Array | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return value;
  if (value instanceof InvalidText) return value.bytes;
  return Buffer.from(String(value), 'utf8');
}
