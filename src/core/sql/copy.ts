import { quoteIdentifier, quoteList } from './quote.ts';
import { quoteTable, type SqlTableName } from './table-name.ts';

/** COPY of binary tuples into `columns`, in that order. */
export function copyInSql(table: SqlTableName, columns: readonly string[]): string {
  return `COPY ${quoteTable(table)} (${quoteList(columns)}) FROM STDIN (FORMAT binary)`;
}

/** COPY of binary tuples out of a table, columns in the given order; an empty list gives tuples without fields. */
export function copyOutSql(table: SqlTableName, columns: readonly string[]): string {
  return `COPY (SELECT ${columns.map(quoteIdentifier).join(', ')} FROM ${quoteTable(table)}) TO STDOUT (FORMAT binary)`;
}
