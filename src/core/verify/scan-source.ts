import { MigrationError } from '../errors.ts';
import { compileRowEncoder } from '../mapping/row-encoder.ts';
import { rowsIn, type KeyRange, type RowBatch } from '../model/row-batch.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Source } from '../sources/source.ts';
import { ByteWriter } from '../tuple/byte-writer.ts';

export interface SourceScan {
  readonly source: Source;
  readonly table: CompiledTable;
  readonly range: KeyRange;
  /** Provenance of rows that the target does not have by design: the server refused them. */
  readonly excluded: ReadonlySet<string>;
  readonly signal: AbortSignal;
  /** Rows read since the last call. */
  readonly onRows?: (rows: number) => void;
}

/** Gets one tuple, `buffer[start, end)`, valid during the call, and its place in the batch. */
export type SourceVisitor = (buffer: Buffer, start: number, end: number, batch: RowBatch, row: number) => void;

/** Reads a range again and encodes it as the load does. Rows that cannot be converted and excluded ones are only counted, as rejected. */
export async function scanSource(scan: SourceScan, visit: SourceVisitor): Promise<{ readonly rows: number; readonly rejected: number }> {
  const { source, table, excluded, signal } = scan;
  const encoder = compileRowEncoder(table.columns, table.options);
  const out = new ByteWriter();
  let rows = 0;
  let rejected = 0;
  const columns = table.columns.map((column) => column.from);
  for await (const batch of source.readBatches(table.from, { ...scan.range, columns, signal })) {
    if (signal.aborted) throw new MigrationError('cancelled');
    const size = rowsIn(batch);
    for (let row = 0; row < size; row++) {
      out.reset();
      const failed = encoder.encodeFrom(batch, row, out) !== null;
      if (failed || (excluded.size > 0 && excluded.has(batch.provenanceAt(row)))) {
        rejected++;
        continue;
      }
      visit(out.buffer, 0, out.position, batch, row);
      rows++;
    }
    scan.onRows?.(size);
  }
  return { rows, rejected };
}
