import { quoteIdentifier } from '../sql/quote.ts';
import { quoteTable } from '../sql/table-name.ts';
import type { TargetSession } from '../target/target.ts';
import type { VectorColumnName } from './vector-column.ts';

/** Rows of the table with a vector. */
export async function countVectors(session: TargetSession, column: VectorColumnName): Promise<number> {
  const found = await session.query(`SELECT count(${quoteIdentifier(column.column)}) AS rows FROM ${quoteTable(column)}`);
  return Number(found.rows[0]?.['rows']);
}
