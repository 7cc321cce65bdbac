import { MigrationError } from '../errors.ts';
import { compileRowEncoder, type RowEncoder } from '../mapping/row-encoder.ts';
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
export async function scanSource(scan: SourceScan, visit: SourceVisitor): Promise<ScannedRows> {
  const { source, table, signal } = scan;
  const scanner = new BatchScanner(table, scan.excluded, visit);
  const columns = table.columns.map((column) => column.from);
  for await (const batch of source.readBatches(table.from, { ...scan.range, columns, signal })) {
    if (signal.aborted) throw new MigrationError('cancelled');
    scanner.read(batch);
    scan.onRows?.(rowsIn(batch));
  }
  return scanner.counts;
}

export interface ScannedRows {
  readonly rows: number;
  readonly rejected: number;
}

/** Encodes batches of one table and counts their rows. */
export class BatchScanner {
  #rows = 0;
  #rejected = 0;
  readonly #encoder: RowEncoder;
  readonly #excluded: ReadonlySet<string>;
  readonly #visit: SourceVisitor;
  readonly #out = new ByteWriter();

  constructor(table: CompiledTable, excluded: ReadonlySet<string>, visit: SourceVisitor) {
    this.#encoder = compileRowEncoder(table.columns, table.options);
    this.#excluded = excluded;
    this.#visit = visit;
  }

  get counts(): ScannedRows {
    return { rows: this.#rows, rejected: this.#rejected };
  }

  read(batch: RowBatch): void {
    const size = rowsIn(batch);
    const out = this.#out;
    for (let row = 0; row < size; row++) {
      out.reset();
      const failed = this.#encoder.encodeFrom(batch, row, out) !== null;
      if (failed || (this.#excluded.size > 0 && this.#excluded.has(batch.provenanceAt(row)))) {
        this.#rejected++;
        continue;
      }
      this.#visit(out.buffer, 0, out.position, batch, row);
      this.#rows++;
    }
  }
}
