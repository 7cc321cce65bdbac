import type { RowDiscrepancy } from '../model/discrepancy.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Source } from '../sources/source.ts';
import type { Target } from '../target/target.ts';
import type { BucketSums } from '../tuple/bucket-sums.ts';
import type { WholeRows } from './whole-rows.ts';

export interface BucketComparison {
  readonly source: Source;
  readonly target: Target;
  readonly table: CompiledTable;
  /** Buckets that differ. */
  readonly buckets: readonly number[];
  readonly sourceSums: BucketSums;
  readonly targetSums: BucketSums;
  readonly excluded: ReadonlySet<string>;
  /** Discrepancies to describe; all are counted. */
  readonly limit: number;
  /** Describe only those of this state. */
  readonly state?: RowDiscrepancy['state'];
  /** Takes the described rows whole. */
  readonly whole?: WholeRows;
  readonly signal: AbortSignal;
  /** Rows of both sides that one pass may remember; smaller means more passes. */
  readonly mostRows?: number;
}

export interface RowDifferences {
  missing: number;
  extra: number;
  different: number;
  /** Rows that differ, by column of the target. */
  differentByColumn: Record<string, number>;
  discrepancies: RowDiscrepancy[];
}
