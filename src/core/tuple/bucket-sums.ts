import { MigrationError } from '../errors.ts';

const bucketCount = 256;
/** Hash lanes of 32 bits in one sum. */
const lanes = 4;
const byteLength = bucketCount * (8 + lanes * 4);

/** What one tuple adds: its bucket and its 128-bit hash as four lanes of 32 bits. */
export interface TupleHash {
  /** 0–255, from the hash of the key. */
  readonly bucket: number;
  readonly lanes: Uint32Array;
}

/**
 * A multiset of tuples as 256 buckets, each a count and a sum of hashes (lanes added modulo 2^32), so that the order of rows does not matter
 * and parts can be added up. Two sides hold the same tuples when all buckets are equal.
 */
export class BucketSums {
  private readonly counts = new Float64Array(bucketCount);
  private readonly sums = new Uint32Array(bucketCount * lanes);

  add(tuple: TupleHash): void {
    const { counts, sums } = this;
    const { bucket, lanes: hash } = tuple;
    counts[bucket] = (counts[bucket] as number) + 1;
    for (let lane = 0; lane < lanes; lane++) sums[bucket * lanes + lane] = (sums[bucket * lanes + lane] as number) + (hash[lane] as number);
  }

  /** Takes a tuple out again; sums of what was taken out alone have negative counts. */
  subtract(tuple: TupleHash): void {
    const { counts, sums } = this;
    const { bucket, lanes: hash } = tuple;
    counts[bucket] = (counts[bucket] as number) - 1;
    for (let lane = 0; lane < lanes; lane++) sums[bucket * lanes + lane] = (sums[bucket * lanes + lane] as number) - (hash[lane] as number);
  }

  /** Adds all tuples of `other`. */
  merge(other: BucketSums): void {
    for (let i = 0; i < bucketCount; i++) this.counts[i] = (this.counts[i] as number) + (other.counts[i] as number);
    for (let i = 0; i < this.sums.length; i++) this.sums[i] = (this.sums[i] as number) + (other.sums[i] as number);
  }

  /** Tuples in all buckets. */
  rows(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  rowsIn(bucket: number): number {
    return this.counts[bucket] ?? 0;
  }

  /** Buckets whose count or sum is not the same, ascending. */
  differingBuckets(other: BucketSums): number[] {
    const differing: number[] = [];
    for (let bucket = 0; bucket < bucketCount; bucket++) if (!this.equalIn(bucket, other)) differing.push(bucket);
    return differing;
  }

  /** 6,144 bytes: 256 counts as int64, then 256 × 4 lanes as uint32, little-endian. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(byteLength);
    const view = new DataView(bytes.buffer);
    this.counts.forEach((count, i) => view.setBigInt64(i * 8, BigInt(count), true));
    this.sums.forEach((lane, i) => view.setUint32(bucketCount * 8 + i * 4, lane, true));
    return bytes;
  }

  /** Throws `internal` when `bytes` were not made by `toBytes`. */
  static fromBytes(bytes: Uint8Array): BucketSums {
    if (bytes.length !== byteLength) throw new MigrationError('internal', { context: { detail: `bucket sums of ${bytes.length} bytes` } });
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const result = new BucketSums();
    for (let i = 0; i < bucketCount; i++) result.counts[i] = Number(view.getBigInt64(i * 8, true));
    for (let i = 0; i < bucketCount * lanes; i++) result.sums[i] = view.getUint32(bucketCount * 8 + i * 4, true);
    return result;
  }

  private equalIn(bucket: number, other: BucketSums): boolean {
    if (this.counts[bucket] !== other.counts[bucket]) return false;
    for (let i = bucket * lanes; i < (bucket + 1) * lanes; i++) if (this.sums[i] !== other.sums[i]) return false;
    return true;
  }
}
