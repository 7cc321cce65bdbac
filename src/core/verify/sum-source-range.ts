import { BucketSums } from '../tuple/bucket-sums.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';
import { scanSource, type SourceScan } from './scan-source.ts';

/** Pass 1 of the source: sums of what the target should hold of this range. `rejected` rows are not in `rows`. */
export async function sumSourceRange(
  scan: SourceScan,
): Promise<{ readonly sums: BucketSums; readonly rows: number; readonly rejected: number }> {
  const summer = TupleSummer.create(scan.table.columns, scan.table.key);
  const sums = new BucketSums();
  const counted = await scanSource(scan, (buffer, start, end) => summer.add(sums, buffer, start, end));
  return { sums, ...counted };
}
