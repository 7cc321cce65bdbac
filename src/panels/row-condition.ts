import type { RowsColumn } from '../core/model/rows.ts';
import { quoteIdentifier, quoteLiteral } from '../core/sql/quote.ts';

/** Condition that finds the row with this key, as a search of neighbours gives it. A table without a primary key tells rows by their place. */
export function rowCondition(columns: readonly RowsColumn[], key: readonly string[]): string {
  const named = columns.filter((column) => column.key !== null).toSorted((a, b) => (a.key ?? 0) - (b.key ?? 0));
  // In a partitioned table a place has two parts: which partition, and where in it.
  const names = named.length > 0 ? named.map(({ name }) => quoteIdentifier(name)) : ['tableoid', 'ctid'].slice(-key.length);
  return names.map((name, at) => `${name} = ${quoteLiteral(key[at] ?? '')}`).join(' AND ');
}
