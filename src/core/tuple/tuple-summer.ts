import type { PgType } from '../model/pg-type.ts';
import type { BucketSums, TupleHash } from './bucket-sums.ts';
import { CanonicalTuple } from './canonical-tuple.ts';
import { hash128, mix } from './hash-128.ts';

const noBytes = new DataView(new ArrayBuffer(0));

/** The 128-bit hash of a tuple's canonical form and the hash of its key. Reused: `read` replaces what was there before. */
export class TupleSummer implements TupleHash {
  readonly canonical: CanonicalTuple;
  /** 32-bit hash of the key columns in canonical form; of the whole tuple without a key. */
  keyHash = 0;
  bucket = 0;
  /** Four times 32 bits. */
  readonly lanes = new Uint32Array(4);
  private readonly key: readonly number[];
  /** The memory hashed last, seen as numbers. */
  private view: DataView = noBytes;

  /** `key`: positions of the columns that rows are matched by; empty = rows are matched by their whole content. */
  static create(columns: readonly { readonly type: PgType }[], key: readonly number[]): TupleSummer {
    return new TupleSummer(columns, key);
  }

  private constructor(columns: readonly { readonly type: PgType }[], key: readonly number[]) {
    this.canonical = new CanonicalTuple(columns.map((column) => column.type));
    this.key = key;
  }

  /** Adds the binary COPY tuple `buffer[start, end)` to `sums`. */
  add(sums: BucketSums, buffer: Buffer, start: number, end: number): void {
    this.read(buffer, start, end);
    sums.add(this);
  }

  /** Hashes one binary COPY tuple, field count included. */
  read(buffer: Buffer, start: number, end: number): void {
    const { canonical } = this;
    canonical.read(buffer, start, end);
    const memory = canonical.buffer.buffer;
    if (this.view.buffer !== memory) this.view = new DataView(memory);
    const offset = canonical.buffer.byteOffset;
    hash128(this.view, offset + canonical.start, offset + canonical.end, 0, this.lanes);
    this.keyHash = this.key.length === 0 ? (this.lanes[0] as number) : this.hashKey();
    this.bucket = this.keyHash >>> 24;
  }

  /** The tuple's hash as 8 characters: compact as the key of a Map. */
  hashText(): string {
    const [a = 0, b = 0, c = 0, d = 0] = this.lanes;
    return String.fromCharCode(a & 0xffff, a >>> 16, b & 0xffff, b >>> 16, c & 0xffff, c >>> 16, d & 0xffff, d >>> 16);
  }

  /** The key columns in canonical form, with their lengths, as characters 0–255; without a key, the tuple's hash. */
  keyText(): string {
    if (this.key.length === 0) return this.hashText();
    const { buffer, fieldStarts, fieldLengths } = this.canonical;
    let text = '';
    for (const column of this.key) {
      const length = fieldLengths[column] as number;
      const start = fieldStarts[column] as number;
      text += `${length}:${length > 0 ? buffer.toString('latin1', start, start + length) : ''}`;
    }
    return text;
  }

  /** FNV-1a over the key's bytes, then mixed, so that its upper bits choose buckets evenly for keys 1, 2, 3, …. */
  private hashKey(): number {
    const { buffer, fieldStarts, fieldLengths } = this.canonical;
    let hash = 0x811c9dc5;
    for (const column of this.key) {
      const length = fieldLengths[column] as number;
      hash = Math.imul(hash ^ length, 0x01000193);
      const start = fieldStarts[column] as number;
      for (let at = start; at < start + length; at++) hash = Math.imul(hash ^ (buffer[at] as number), 0x01000193);
    }
    return mix(hash) >>> 0;
  }
}
