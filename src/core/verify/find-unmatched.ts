import { TupleSummer } from '../tuple/tuple-summer.ts';
import type { BucketGroup } from './bucket-groups.ts';
import type { BucketComparison } from './bucket-comparison.ts';
import { scanSource } from './scan-source.ts';
import { scanTarget } from './scan-target.ts';

/** Bytes of rows that are kept while they wait for their counterpart. */
const keptBytes = 64 << 20;

export interface UnmatchedTuples {
  /** By hash: how many more such tuples the source has (positive) or the target (negative). */
  readonly surplus: ReadonlyMap<string, number>;
  /** Parts to match them in, so that the rows kept at once stay small. */
  readonly slices: number;
}

/** Lets equal tuples of both sides cancel each other out; only hashes are remembered. */
export async function findUnmatched(comparison: BucketComparison, group: BucketGroup): Promise<UnmatchedTuples> {
  const { table } = comparison;
  const summer = TupleSummer.create(table.columns, table.key);
  const surplus = new Map<string, number>();
  let rows = 0;
  let bytes = 0;
  await scanSource({ ...comparison, range: {} }, (buffer, start, end) => {
    summer.read(buffer, start, end);
    if (!group.has(summer)) return;
    rows++;
    bytes += end - start;
    addTo(surplus, summer.hashText(), 1);
  });
  await scanTarget(comparison, (buffer, start, end) => {
    summer.read(buffer, start, end);
    if (group.has(summer)) addTo(surplus, summer.hashText(), -1);
  });
  let missing = 0;
  for (const count of surplus.values()) missing += Math.max(0, count);
  return { surplus, slices: surplus.size === 0 ? 0 : Math.max(1, Math.ceil((missing * bytes) / Math.max(1, rows) / keptBytes)) };
}

function addTo(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
