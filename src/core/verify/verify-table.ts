import type { TableVerification } from '../model/discrepancy.ts';
import { plural } from '../model/plural.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Source } from '../sources/source.ts';
import type { Target } from '../target/target.ts';
import type { BucketSums } from '../tuple/bucket-sums.ts';
import { checkConstraints } from './check-constraints.ts';
import { compareAggregates } from './compare-aggregates.ts';
import { compareBuckets } from './compare-buckets.ts';

/** Sums of one side and the rows in them. */
export interface SideTotals {
  readonly sums: BucketSums;
  readonly rows: number;
  /** Rows of the source that the target does not have by design. */
  readonly rejected?: number;
}

export interface TableToVerify {
  readonly source: Source;
  readonly target: Target;
  readonly table: CompiledTable;
  readonly sourceSums: SideTotals;
  readonly targetSums: SideTotals;
  /** Provenance of rows that the server refused. */
  readonly excluded: ReadonlySet<string>;
  /** Discrepancies to describe; all are counted. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Everything behind pass 1: the rows of unequal buckets, the independent aggregates, and what the plan promises besides rows. */
export async function verifyTable(subject: TableToVerify): Promise<TableVerification> {
  const { table, target, sourceSums, targetSums } = subject;
  const buckets = sourceSums.sums.differingBuckets(targetSums.sums);
  const differences = await compareBuckets({ ...subject, buckets, sourceSums: sourceSums.sums, targetSums: targetSums.sums });
  const notIndependentlyChecked = reasonAgainstAggregates(subject);
  return {
    table: table.label,
    ...(table.existing?.partial === true ? { scope: 'rows-read' as const } : {}),
    sourceRows: sourceSums.rows,
    targetRows: targetSums.rows,
    ...differences,
    aggregates: notIndependentlyChecked === null ? await compareAggregates(subject) : [],
    notIndependentlyChecked,
    constraints: await checkConstraints(target, table),
  };
}

function reasonAgainstAggregates({ source, table, sourceSums, excluded }: TableToVerify): string | null {
  if (!source.capabilities.sql) return 'The source has no SQL of its own.';
  if (table.existing?.partial === true) return 'Only the rows that the run read are compared, and the source has others.';
  const rejected = Math.max(sourceSums.rejected ?? 0, excluded.size);
  return rejected === 0
    ? null
    : `${plural(rejected, 'rejected row is', 'rejected rows are')} on one side only, so the aggregates of both sides differ by design.`;
}
