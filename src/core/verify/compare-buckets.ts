import { groupBuckets, type BucketGroup } from './bucket-groups.ts';
import type { BucketComparison, RowDifferences } from './bucket-comparison.ts';
import { findUnmatched } from './find-unmatched.ts';
import { matchRows } from './match-rows.ts';

/**
 * Pass 2: reads both sides again and says which rows of the unequal buckets are missing, extra or different. Rows without a key cannot be different,
 * only missing or extra. Memory is bounded by `mostRows`, not by the table or by how much is wrong.
 */
export async function compareBuckets(comparison: BucketComparison): Promise<RowDifferences> {
  const { buckets, sourceSums, targetSums, mostRows = 200_000 } = comparison;
  const differences: RowDifferences = { missing: 0, extra: 0, different: 0, differentByColumn: {}, discrepancies: [] };
  for (const group of groupBuckets(buckets, sourceSums, targetSums, mostRows)) await compareGroup(comparison, group, differences);
  return differences;
}

async function compareGroup(comparison: BucketComparison, group: BucketGroup, differences: RowDifferences): Promise<void> {
  const unmatched = await findUnmatched(comparison, group);
  for (let slice = 0; slice < unmatched.slices; slice++) await matchRows(comparison, group, unmatched, slice, differences);
}
