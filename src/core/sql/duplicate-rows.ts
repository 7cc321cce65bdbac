import type { UniqueRule } from '../model/statement.ts';
import { quoteList } from './quote.ts';
import { atPlacesSql, placeSql } from './row-place.ts';
import { quoteTable, type SqlTableName } from './table-name.ts';

/**
 * SELECT of all rows that share their key with another row: the number of their group (bigint), their place in the table as text, and
 * `columns` in that order.
 */
export function duplicateRowsSql(table: SqlTableName, columns: readonly string[], rule: UniqueRule): string {
  const terms = rule.terms.join(', ');
  const conditions = [...rule.terms.map((term) => `${term} IS NOT NULL`), ...(rule.where === null ? [] : [`(${rule.where})`])];
  const marked = `SELECT *, ${placeSql(null)} AS "sluice place", dense_rank() OVER (ORDER BY ${terms}) AS "sluice group", count(*) OVER (PARTITION BY ${terms}) AS "sluice rows" FROM ${quoteTable(table)} WHERE ${conditions.join(' AND ')}`;
  return `SELECT "sluice group", "sluice place"${columns.length === 0 ? '' : `, ${quoteList(columns)}`} FROM (${marked}) AS marked WHERE "sluice rows" > 1`;
}

/** DELETE of the rows at the places that $1 lists, as texts. Only while the table is locked: a place is a row's until it is changed. */
export function deletePlacesSql(table: SqlTableName): string {
  return `DELETE FROM ${quoteTable(table)} AS t WHERE ${atPlacesSql('t', '$1')}`;
}

/** Reading goes on; nobody else writes. */
export function lockAgainstWritersSql(table: SqlTableName): string {
  return `LOCK TABLE ${quoteTable(table)} IN SHARE ROW EXCLUSIVE MODE`;
}
