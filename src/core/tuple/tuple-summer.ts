import { createXXHash128, type IHasher } from 'hash-wasm';
import type { PgType } from '../model/pg-type.ts';
import type { BucketSums, TupleHash } from './bucket-sums.ts';
import { CanonicalTuple } from './canonical-tuple.ts';

/** The 128-bit hash of a tuple's canonical form and the hash of its key. Reused: `read` replaces what was there before. */
export class TupleSummer implements TupleHash {
  readonly canonical: CanonicalTuple;
  /** 32-bit hash of the key columns in canonical form; of the whole tuple without a key. */
  keyHash = 0;
  bucket = 0;
  lane0 = 0;
  lane1 = 0;
  lane2 = 0;
  lane3 = 0;
  private readonly hasher: IHasher;
  private readonly key: readonly number[];

  /** `key`: positions of the columns that rows are matched by; empty = rows are matched by their whole content. */
  static async create(columns: readonly { readonly type: PgType }[], key: readonly number[]): Promise<TupleSummer> {
    return new TupleSummer(await createXXHash128(0, 0), columns, key);
  }

  private constructor(hasher: IHasher, columns: readonly { readonly type: PgType }[], key: readonly number[]) {
    this.hasher = hasher;
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
    const { canonical, hasher } = this;
    canonical.read(buffer, start, end);
    hasher.init();
    hasher.update(canonical.buffer.subarray(canonical.start, canonical.end));
    const digest = hasher.digest('binary');
    this.lane0 = laneAt(digest, 0);
    this.lane1 = laneAt(digest, 4);
    this.lane2 = laneAt(digest, 8);
    this.lane3 = laneAt(digest, 12);
    this.keyHash = this.key.length === 0 ? this.lane0 : this.hashKey();
    this.bucket = this.keyHash >>> 24;
  }

  /** The tuple's hash as 16 characters 0–255: compact as a key of a Map. */
  hashText(): string {
    let text = '';
    for (const lane of [this.lane0, this.lane1, this.lane2, this.lane3])
      text += String.fromCharCode(lane & 255, (lane >>> 8) & 255, (lane >>> 16) & 255, lane >>> 24);
    return text;
  }

  /** The key columns in canonical form, with their lengths, as characters 0–255. */
  keyText(): string {
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
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}

function laneAt(digest: Uint8Array, at: number): number {
  return (
    ((digest[at] as number) | ((digest[at + 1] as number) << 8) | ((digest[at + 2] as number) << 16) | ((digest[at + 3] as number) << 24)) >>> 0
  );
}
