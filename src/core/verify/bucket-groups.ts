import type { BucketSums, TupleHash } from '../tuple/bucket-sums.ts';

/** Rows compared in one pass: those of some buckets, or one of several parts of a bucket that is too large. */
export interface BucketGroup {
  /** Rows of both sides together, at most. */
  readonly rows: number;
  readonly parts: number;
  has(tuple: TupleHash & { readonly keyHash: number }): boolean;
}

/** Groups of at most `mostRows` rows of both sides together, so that what a pass remembers is bounded. */
export function groupBuckets(buckets: readonly number[], source: BucketSums, target: BucketSums, mostRows: number): BucketGroup[] {
  const groups: BucketGroup[] = [];
  let members: number[] = [];
  let rows = 0;
  for (const bucket of buckets) {
    const more = source.rowsIn(bucket) + target.rowsIn(bucket);
    if (members.length > 0 && rows + more > mostRows) {
      groups.push(...splitGroup(members, rows, mostRows));
      members = [];
      rows = 0;
    }
    members.push(bucket);
    rows += more;
  }
  if (members.length > 0) groups.push(...splitGroup(members, rows, mostRows));
  return groups;
}

/** The part of a key: from the bits of its hash that do not choose the bucket, so that both sides agree. */
export function partOf(keyHash: number, parts: number): number {
  return (keyHash & 0xffffff) % parts;
}

function splitGroup(members: readonly number[], rows: number, mostRows: number): BucketGroup[] {
  const wanted = new Uint8Array(256);
  for (const bucket of members) wanted[bucket] = 1;
  const parts = Math.max(1, Math.ceil(rows / mostRows));
  return Array.from({ length: parts }, (_, part) => ({
    rows: Math.ceil(rows / parts),
    parts,
    has: (tuple) => wanted[tuple.bucket] === 1 && (parts === 1 || partOf(tuple.keyHash, parts) === part),
  }));
}
