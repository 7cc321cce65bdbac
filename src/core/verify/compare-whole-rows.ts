import type { RowDiscrepancy } from '../model/discrepancy.ts';
import type { Provenance } from '../model/row-batch.ts';
import type { Cell } from '../model/rows.ts';
import type { BucketComparison, RowDifferences } from './bucket-comparison.ts';
import { compareBuckets } from './compare-buckets.ts';
import { readSourceCells } from './read-source-cells.ts';
import type { TableToVerify } from './verify-table.ts';
import { keptCharacters, WholeRows, type WholeRow } from './whole-rows.ts';

export interface WholeRowsSubject extends TableToVerify {
  /** Keep only rows of this state; all are counted. */
  readonly state?: RowDiscrepancy['state'];
}

/** Differences of a table, counted as a verification counts them, and some of the rows with both sides as they are stored. */
export interface WholeRowDifferences extends Omit<RowDifferences, 'discrepancies'> {
  readonly rows: readonly (WholeRow & { readonly source: readonly Cell[] | null })[];
}

export async function compareWholeRows(subject: WholeRowsSubject): Promise<WholeRowDifferences> {
  const { source, table, sourceSums, targetSums, signal } = subject;
  const whole = new WholeRows(table);
  const comparison: BucketComparison = {
    ...subject,
    buckets: sourceSums.sums.differingBuckets(targetSums.sums),
    sourceSums: sourceSums.sums,
    targetSums: targetSums.sums,
    whole,
  };
  const { discrepancies: _, ...counts } = await compareBuckets(comparison);
  const places = new Set<Provenance>(whole.rows.flatMap(({ provenance }) => (provenance === null ? [] : [provenance])));
  const stored = await readSourceCells(source, table, places, keptCharacters, signal);
  return {
    ...counts,
    rows: whole.rows.map((row) => ({ ...row, source: row.provenance === null ? null : (stored.get(row.provenance) ?? null) })),
  };
}
