import type { ExistingColumn } from '../../model/existing-table.ts';
import { quoteIdentifier, quoteList } from '../quote.ts';
import { copyInSql } from '../copy.ts';
import { quoteTable } from '../table-name.ts';
import type { SqlExistingTable } from './own-rows.ts';
import { rowDigest, rowTexts, textsDigest } from './row-text.ts';

const staging = { schema: 'pg_temp', table: 'sluice_staging' };

/** The columns that a run writes, by their names in the target. */
export interface SqlStagedTable extends SqlExistingTable {
  readonly written: readonly string[];
}

/** A table of this transaction with the plan's types and no constraints, which rows reach by COPY. */
export function createStagingSql({ written, stagingTypes }: SqlStagedTable): string {
  const columns = written.map((name, i) => `${quoteIdentifier(name)} ${stagingTypes[i] ?? 'text'}`);
  return `CREATE TEMPORARY TABLE ${quoteTable(staging)} (${columns.join(', ')}) ON COMMIT DROP`;
}

export function copyToStagingSql({ written }: SqlStagedTable): string {
  return copyInSql(staging, written);
}

/** What waits for the commit is checked now, while it can still be told which rows are to blame; then the next rows can come. */
export const clearStagingSql = `SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE ${quoteTable(staging)}`;

/** Nobody else may insert between the look at what is there and the upsert. Reading goes on. */
export function lockForUpsertSql(table: SqlExistingTable): string {
  return `LOCK TABLE ${quoteTable(table.to)} IN SHARE ROW EXCLUSIVE MODE`;
}

/** INSERT of all staged rows, in the order they came, without RETURNING. */
export function insertStagedSql(table: SqlStagedTable): string {
  const { to, written } = table;
  const values = written.map((name) => `s.${quoteIdentifier(name)}`).join(', ');
  return `INSERT INTO ${quoteTable(to)} AS t (${quoteList(written)}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM ${quoteTable(staging)} AS s ORDER BY s.ctid${onConflict(table)}`;
}

/**
 * Writes all staged rows and an entry of `sluice.undo` for each; $1 = run, $2 = label of the table. All parts of one statement see the table as it was
 * before it, so `old` is the row that is overwritten.
 */
export function writeStagedSql(table: SqlStagedTable): string {
  const { columns, key, conflict, undo, to } = table;
  const returned = columns.map(({ name }) => `t.${quoteIdentifier(name)}`).join(', ');
  const keyTexts = key.length === 0 ? 'NULL::text[]' : rowTexts('w', key);
  const before = undo && conflict.length > 0 ? `CASE WHEN old.tableoid IS NOT NULL THEN ${rowTexts('old', columns)} END` : 'NULL::text[]';
  const same = conflict.map((name) => `old.${quoteIdentifier(name)} = w.${quoteIdentifier(name)}`).join(' AND ');
  const old = undo && conflict.length > 0 ? ` LEFT JOIN ${quoteTable(to)} AS old ON ${same}` : '';
  return `WITH w AS (${insertStagedSql(table)} RETURNING ${returned})
    INSERT INTO sluice.undo (run_id, table_label, key, key_digest, before, digest)
    SELECT $1, $2, ${keyTexts}, ${key.length === 0 ? 'NULL::bytea' : textsDigest(keyTexts)}, ${before}, ${rowDigest('w', columns)} FROM w${old}`;
}

/**
 * Staged rows whose values the table has already under a unique index: `row` counts from 0 in the order they came, `key` names them. An INSERT is
 * certain to refuse each of them.
 */
export function takenKeysSql(table: SqlStagedTable, columns: readonly ExistingColumn[]): string {
  const same = columns.map(({ name, type }) => `t.${quoteIdentifier(name)} = s.${quoteIdentifier(name)}::${type}`).join(' AND ');
  const key = columns.map(({ name }) => `s.${quoteIdentifier(name)}::text`).join(', ');
  return `SELECT s.sluice_row::text AS row, concat_ws(', ', ${key}) AS key
    FROM (SELECT staged.*, row_number() OVER (ORDER BY staged.ctid) - 1 AS sluice_row FROM ${quoteTable(staging)} AS staged) AS s
    WHERE EXISTS (SELECT FROM ${quoteTable(table.to)} AS t WHERE ${same})`;
}

/** Columns of the plan alone are overwritten; a table of nothing but a key keeps its rows as they are. */
function onConflict({ conflict, written, columns }: SqlStagedTable): string {
  if (conflict.length === 0) return '';
  const fixed = new Set(columns.filter((column) => column.alwaysIdentity).map(({ name }) => name));
  const set = written.filter((name) => !conflict.includes(name) && !fixed.has(name));
  const kept = quoteIdentifier(conflict[0] ?? '');
  const assignments =
    set.length === 0 ? [`${kept} = t.${kept}`] : set.map((name) => `${quoteIdentifier(name)} = EXCLUDED.${quoteIdentifier(name)}`);
  return ` ON CONFLICT (${quoteList(conflict)}) DO UPDATE SET ${assignments.join(', ')}`;
}
