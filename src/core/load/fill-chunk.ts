import { MigrationError } from '../errors.ts';
import { rowAt, rowsIn, type RowBatch } from '../model/row-batch.ts';
import type { RowEncoder } from '../mapping/row-encoder.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Chunk } from './chunk.ts';
import { conversionReject, documentReject } from './describe-reject.ts';
import type { GroupChunk } from './group-chunk.ts';
import type { ReadStep } from '../sources/read-together.ts';

/** How rows that cannot be converted, or that the server refuses, are met. */
export interface RejectPolicy {
  readonly onReject: 'stop' | 'quarantine';
  /** Values stay out of `sluice.reject`. */
  readonly redactValues: boolean;
  /** Rejects of the whole run that are still bearable; null = any number. */
  readonly maxRejects: number | null;
}

/** Where reading stands between chunks: rows of one table may be cut by a full chunk. */
export interface ReadPosition {
  readonly steps: AsyncIterator<ReadStep>;
  step: ReadStep | null;
  row: number;
}

/** One table of a group and how its rows are encoded. */
export interface TableEncoder {
  readonly table: Pick<CompiledTable, 'label' | 'columns'>;
  readonly encoder: RowEncoder;
}

/**
 * Encodes rows until the chunk is full or the range ends; documents are never cut. The source gives the event loop a turn between batches, so that the
 * chunk before, which is being sent meanwhile, moves on and an abort is heard.
 */
export async function fillChunk(
  chunk: GroupChunk,
  position: ReadPosition,
  tables: readonly TableEncoder[],
  policy: RejectPolicy,
): Promise<void> {
  chunk.reset();
  while (!chunk.full && !isBeyond(policy, chunk.rejects)) {
    if (position.step === null) {
      const next = await position.steps.next();
      if (next.done === true) {
        chunk.last = true;
        return;
      }
      position.step = next.value;
      position.row = 0;
    }
    encodeStep(chunk, position, position.step, tables, policy);
  }
}

/** A chunk with more rejects than the run may have is refused as a whole, so nothing more need be read. */
function isBeyond({ maxRejects }: RejectPolicy, rejects: number): boolean {
  return maxRejects !== null && rejects > maxRejects;
}

function encodeStep(
  chunk: GroupChunk,
  position: ReadPosition,
  { batches, cursor }: ReadStep,
  tables: readonly TableEncoder[],
  policy: RejectPolicy,
): void {
  let isWhole = true;
  // Documents come whole, and their tables before those of what is in them.
  const gone = new Set<string>();
  for (const [i, batch] of batches.entries()) {
    const table = tables[i] as TableEncoder;
    const row = encodeBatch(chunk.parts[i] as Chunk, batch, position.row, table, policy, cursor === null ? null : gone);
    if (cursor !== null) continue;
    if (row > 0) chunk.cursor = batch.cursorAt(row - 1);
    position.row = row;
    isWhole = row >= rowsIn(batch);
  }
  if (cursor !== null) chunk.cursor = cursor;
  if (isWhole) position.step = null;
}

/** Returns the first row that is not encoded; `gone`: documents that are set aside, whole ones only. null = the batch may be cut behind any row. */
function encodeBatch(
  chunk: Chunk,
  batch: RowBatch,
  from: number,
  { table, encoder }: TableEncoder,
  policy: RejectPolicy,
  gone: Set<string> | null,
): number {
  const run = { first: chunk.rows, rows: [] as number[], batch };
  chunk.origins.push(run);
  const size = rowsIn(batch);
  let row = from;
  for (; row < size && !(gone === null && (chunk.full || isBeyond(policy, chunk.rejects.length))); row++) {
    chunk.rowsRead++;
    const document = gone === null ? undefined : batch.documentAt?.(row);
    if (document !== undefined && gone?.has(document) === true) {
      const origin = { provenance: batch.provenanceAt(row), values: rowAt(batch, row), columns: table.columns };
      chunk.reject(documentReject(document, origin, policy.redactValues));
      continue;
    }
    const failure = encoder.encodeFrom(batch, row, chunk.tuples);
    if (failure === null) {
      chunk.offsets.push(chunk.tuples.position);
      run.rows.push(row);
    } else {
      const provenance = batch.provenanceAt(row);
      if (policy.onReject === 'stop')
        throw new MigrationError('row-rejected', {
          context: {
            table: table.label,
            ...(failure.column !== null && { column: failure.column }),
            row: provenance,
            reject: failure.code,
            detail: failure.message,
          },
        });
      chunk.reject(conversionReject(failure, { provenance, values: rowAt(batch, row), columns: table.columns }, policy.redactValues));
      if (document === provenance) gone?.add(document);
    }
  }
  return row;
}
