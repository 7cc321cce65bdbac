import type { Checkpoint } from '../state/checkpoint-store.ts';
import { BucketSums } from '../tuple/bucket-sums.ts';

/** BucketSums as bytes. */
export interface LoadedSums {
  readonly sums: Uint8Array;
  readonly rows: number;
  readonly rejected: number;
}

/** What the load wrote, as the checkpoints of a table tell it. */
export function loadedSums(checkpoints: readonly Checkpoint[]): LoadedSums {
  const sums = new BucketSums();
  for (const checkpoint of checkpoints) if (checkpoint.contentHash !== null) sums.merge(BucketSums.fromBytes(checkpoint.contentHash));
  return {
    sums: sums.toBytes(),
    rows: checkpoints.reduce((sum, checkpoint) => sum + checkpoint.rowsWritten, 0),
    rejected: checkpoints.reduce((sum, checkpoint) => sum + checkpoint.rowsRejected, 0),
  };
}
