import { BucketSums } from '../tuple/bucket-sums.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';
import { scanTarget, type TargetScan } from './scan-target.ts';

/** Pass 1 of the target: sums of what is there. */
export async function sumTargetTable(scan: TargetScan): Promise<{ readonly sums: BucketSums; readonly rows: number }> {
  const summer = TupleSummer.create(scan.table.columns, scan.table.key);
  const sums = new BucketSums();
  const rows = await scanTarget(scan, (buffer, start, end) => summer.add(sums, buffer, start, end));
  return { sums, rows };
}
