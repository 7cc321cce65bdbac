import type { ExistingTable } from '../../model/existing-table.ts';
import { quoteIdentifier, quoteLiteral } from '../quote.ts';
import { quoteTable, type SqlTableName } from '../table-name.ts';
import { fromTexts, rowDigest } from './row-text.ts';

/** A table that was there before a run, as the statements about the run's rows name it. */
export interface SqlExistingTable extends ExistingTable {
  readonly to: SqlTableName;
  readonly label: string;
}

/** Entries of `sluice.undo` for rows of this table that the run wrote. */
export function writtenEntries(table: SqlExistingTable, alias: string): string {
  return `${entriesOf(table, alias)} AND ${alias}.digest IS NOT NULL`;
}

/** All entries of this run and table. */
export function entriesOf({ runId, label }: Pick<SqlExistingTable, 'runId' | 'label'>, alias: string): string {
  return `${alias}.run_id = ${quoteLiteral(runId)} AND ${alias}.table_label = ${quoteLiteral(label)}`;
}

/** The key of row `row` is that of the entry. Only for tables with a key. */
export function isSameKey(table: SqlExistingTable, row: string, entry: string): string {
  return table.key.map(({ name, type }, i) => `${row}.${quoteIdentifier(name)} = ${fromTexts(`${entry}.key`, i, type)}`).join(' AND ');
}

/**
 * FROM clause with the rows of the table that the run wrote as `alias`, for the columns named, and their entries as `entry`; rows that are gone are
 * not in it. Without a key, as many of the rows with the same content as the run wrote; `entry` then has only the digest.
 */
export function fromOwnRows(table: SqlExistingTable, alias: string, entry: string): string {
  const name = quoteTable(table.to);
  if (table.key.length > 0)
    return `FROM ${name} AS ${alias} JOIN sluice.undo AS ${entry} ON ${writtenEntries(table, entry)} AND ${isSameKey(table, alias, entry)}`;
  return `FROM ${name} AS ${alias} JOIN (${pickedRows(table)}) AS ${entry} ON ${alias}.tableoid = ${entry}.relation AND ${alias}.ctid = ${entry}.place`;
}

/** Places of the run's rows in a table without a key. Rows of the same content are the same rows, so any of them will do. */
export function pickedRows(table: SqlExistingTable): string {
  return `SELECT numbered.relation, numbered.place, numbered.digest
    FROM (SELECT placed.*, row_number() OVER (PARTITION BY placed.digest) AS number
            FROM (SELECT t.tableoid AS relation, t.ctid AS place, ${rowDigest('t', table.columns)} AS digest FROM ${quoteTable(table.to)} AS t) AS placed) AS numbered
    JOIN (SELECT w.digest, count(*) AS rows FROM sluice.undo AS w WHERE ${writtenEntries(table, 'w')} GROUP BY w.digest) AS written
      ON written.digest = numbered.digest AND numbered.number <= written.rows`;
}

/**
 * The run's rows as a query, with columns of the names and in the order given, cast to `types`: those that the plan gives them, so that both sides of
 * a comparison have one form.
 */
export function ownRowsQuery(table: SqlExistingTable, columns: readonly string[], types: readonly string[]): string {
  const list = columns.map((name, i) => `t.${quoteIdentifier(name)}::${types[i] ?? 'text'} AS ${quoteIdentifier(name)}`);
  return `SELECT ${list.join(', ')} ${fromOwnRows(table, 't', 'u')}`;
}
