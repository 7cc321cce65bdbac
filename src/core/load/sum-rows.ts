import type { BucketSums } from '../tuple/bucket-sums.ts';
import type { TupleSummer } from '../tuple/tuple-summer.ts';
import type { Chunk } from './chunk.ts';

/** Adds the encoded rows of some [from, to) ranges of a chunk to `sums`. */
export function sumRows(summer: TupleSummer, chunk: Chunk, ranges: readonly (readonly [number, number])[], sums: BucketSums): BucketSums {
  for (const [from, to] of ranges) {
    for (let row = from; row < to; row++) summer.add(sums, chunk.tuples.buffer, chunk.offsets[row] ?? 0, chunk.offsets[row + 1] ?? 0);
  }
  return sums;
}
