import type { VectorMetric } from '../model/neighbours.ts';
import type { TargetSession } from '../target/target.ts';
import { compareBehindStatement, pairTable } from './duplicate-query.ts';
import type { VectorColumn } from './vector-column.ts';

/** Rows of one column that are numbered (duplicate-query.ts), and which pairs of them are wanted. */
export interface WantedPairs {
  readonly session: TargetSession;
  readonly column: VectorColumn;
  readonly metric: VectorMetric;
  readonly threshold: number;
  /** Numbered rows. */
  readonly rows: number;
  readonly tell: (done: number, total: number) => void;
}

/** Comparisons of one statement: a second or so, after which progress is told and an abort is noticed. */
const comparisonsOfStatement = 2_000_000;

/** Compares every row with every other, part by part, and leaves exactly the wanted pairs. */
export async function comparePairs({ session, column, metric, threshold, rows, tell }: WantedPairs): Promise<void> {
  await session.query(`DELETE FROM ${pairTable}`);
  const sql = compareBehindStatement(column, metric);
  for (let start = 1; start <= rows;) {
    const end = Math.min(rows + 1, start + Math.max(1, Math.floor(comparisonsOfStatement / (rows - start + 1))));
    await session.query(sql, [String(start), String(end), String(threshold)]);
    start = end;
    tell(start - 1, rows);
  }
}
