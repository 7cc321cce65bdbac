import type { RowsColumn } from '../core/model/rows.ts';
import { quoteIdentifier, quoteLiteral } from '../core/sql/quote.ts';

/** Condition that finds the row with this key, as a search of neighbours gives it. A table without a primary key tells rows by their place. */
export function rowCondition(columns: readonly RowsColumn[], key: readonly string[]): string {
  const names = keyNames(columns, key);
  return names.map((name, at) => `${name} = ${quoteLiteral(key[at] ?? '')}`).join(' AND ');
}

/** Condition that finds the rows with these keys. */
export function rowsCondition(columns: readonly RowsColumn[], keys: readonly (readonly string[])[]): string {
  return keys.length === 0
    ? 'false'
    : keys.map((key) => (keys.length === 1 ? rowCondition(columns, key) : `(${rowCondition(columns, key)})`)).join(' OR ');
}

function keyNames(columns: readonly RowsColumn[], key: readonly string[]): readonly string[] {
  const named = columns.filter((column) => column.key !== null).toSorted((a, b) => (a.key ?? 0) - (b.key ?? 0));
  // In a partitioned table a place has two parts: which partition, and where in it.
  return named.length > 0 ? named.map(({ name }) => quoteIdentifier(name)) : ['tableoid', 'ctid'].slice(-key.length);
}
