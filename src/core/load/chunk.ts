import { rowAt, type Provenance, type RowBatch } from '../model/row-batch.ts';
import type { SourceValue } from '../model/source-value.ts';
import type { RejectRecord } from '../state/reject-store.ts';
import { ByteWriter } from '../tuple/byte-writer.ts';

/**
 * Bytes of tuples after which a chunk is sent. A chunk is one transaction; two per worker are in memory at once. A little under a power of two, so
 * that the last row does not double the buffer.
 */
const chunkBytes = 3.75 * 2 ** 20;
/** A chunk is also full after this many rejects, or this many bytes of their originals, so that a store of nothing but bad rows stays bounded. */
const chunkRejects = 2_000;
const chunkRejectedBytes = 16 * 2 ** 20;

/** Whether chunks that are sent together are. */
export function isFull(chunks: readonly Chunk[]): boolean {
  let bytes = 0;
  let rejects = 0;
  let rejectedBytes = 0;
  for (const chunk of chunks) {
    bytes += chunk.tuples.position;
    rejects += chunk.rejects.length;
    rejectedBytes += chunk.rejectedBytes;
  }
  return bytes >= chunkBytes || rejects >= chunkRejects || rejectedBytes >= chunkRejectedBytes;
}

/** Encoded rows of one table, kept until their transaction is known to be committed. Reused. */
export class Chunk {
  /** Tuples without COPY header and trailer. */
  readonly tuples = new ByteWriter();
  /** Start of tuple i in `tuples`; the last entry is the end. */
  readonly offsets: number[] = [0];
  /** Where each encoded row came from, asked only when the server refuses one. */
  readonly origins: OriginRun[] = [];
  readonly rejects: RejectRecord[] = [];
  /** Of the originals of rejects. */
  rejectedBytes = 0;
  rowsRead = 0;
  /** What it was narrowed from, and which rows of that it has. */
  #wider: { readonly chunk: Chunk; readonly rows: readonly number[] } | null = null;

  get rows(): number {
    return this.offsets.length - 1;
  }

  get full(): boolean {
    return isFull([this]);
  }

  reject(reject: RejectRecord): RejectRecord {
    this.rejects.push(reject);
    this.rejectedBytes += reject.value?.byteLength ?? 0;
    return reject;
  }

  reset(): void {
    this.tuples.reset();
    this.offsets.length = 1;
    this.origins.length = 0;
    this.rejects.length = 0;
    this.rejectedBytes = 0;
    this.rowsRead = 0;
  }

  /** Some of its rows in a chunk of their own, which knows nothing of where they came from. */
  pick(rows: readonly number[]): Chunk {
    const picked = new Chunk();
    for (const row of rows) {
      picked.tuples.copy(this.tuples.buffer, this.offsets[row] ?? 0, this.offsets[row + 1] ?? 0);
      picked.offsets.push(picked.tuples.position);
    }
    return picked;
  }

  /** The chunk with some of its rows alone; others that were read are rejects, or need not be written. Valid until this chunk is reset. */
  narrowed(rows: readonly number[], rejects: readonly RejectRecord[]): Chunk {
    if (rows.length === this.rows && rejects.length === 0) return this;
    const narrowed = this.pick(rows);
    for (const reject of [...this.rejects, ...rejects]) narrowed.reject(reject);
    narrowed.rowsRead = this.rowsRead;
    narrowed.#wider = { chunk: this, rows };
    return narrowed;
  }

  /** The encoded row, valid until the chunk is reset. */
  tupleOf(row: number): Uint8Array {
    return this.tuples.buffer.subarray(this.offsets[row], this.offsets[row + 1]);
  }

  /** Place and original values of the i-th encoded row. */
  originOf(row: number): RowOrigin {
    if (this.#wider !== null) return this.#wider.chunk.originOf(this.#wider.rows[row] ?? row);
    for (const { first, rows, batch } of this.origins) {
      const at = rows[row - first];
      if (at !== undefined)
        return { provenance: batch.provenanceAt(at), document: batch.documentAt?.(at) ?? null, values: rowAt(batch, at) };
    }
    return { provenance: `row ${row}`, document: null, values: [] };
  }
}

/** Where a row came from. */
export interface RowOrigin {
  readonly provenance: Provenance;
  /** Place of the document that it is in; null where there are no documents. */
  readonly document: Provenance | null;
  readonly values: readonly SourceValue[];
}

/** Encoded rows of one batch: `rows[i]` is the place in the batch of encoded row `first + i`. */
export interface OriginRun {
  readonly first: number;
  readonly rows: number[];
  readonly batch: RowBatch;
}
