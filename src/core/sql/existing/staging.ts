import type { ExistingColumn } from '../../model/existing-table.ts';
import { quoteIdentifier, quoteList, quoteLiteral } from '../quote.ts';
import { copyInSql } from '../copy.ts';
import { quoteTable, type SqlTableName } from '../table-name.ts';
import type { SqlExistingTable } from './own-rows.ts';
import { rowDigest, rowTexts, textsDigest } from './row-text.ts';

/** The columns that a run writes, by their names in the target. */
export interface SqlStagedTable extends SqlExistingTable {
  readonly written: readonly string[];
  /** Its staging table has this number behind its name, and a column that numbers the rows; absent = there is only one, without numbers. */
  readonly pool?: number;
}

/** Numbers the rows of a staging table with a number. */
export const rowNumber = 'sluice_row';

function stagingName({ pool }: Pick<SqlStagedTable, 'pool'>): SqlTableName {
  return { schema: 'pg_temp', table: pool === undefined ? 'sluice_staging' : `sluice_staging_${pool}` };
}

/** A table of this transaction with the plan's types and no constraints, which rows reach by COPY. */
export function createStagingSql(table: SqlStagedTable): string {
  const { written, stagingTypes, pool } = table;
  const columns = written.map((name, i) => `${quoteIdentifier(name)} ${stagingTypes[i] ?? 'text'}`);
  const numbered = pool === undefined ? columns : [`${rowNumber} bigint PRIMARY KEY`, ...columns];
  return `CREATE TEMPORARY TABLE ${quoteTable(stagingName(table))} (${numbered.join(', ')}) ON COMMIT DROP`;
}

/** Where rows are numbered, the number comes first. */
export function copyToStagingSql(table: SqlStagedTable): string {
  return copyInSql(stagingName(table), table.pool === undefined ? table.written : [rowNumber, ...table.written]);
}

/** What waits for the commit is checked now, while it can still be told which rows are to blame; then the next rows can come. */
export const clearStagingSql = `SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE ${quoteTable(stagingName({}))}`;

export const dropStagingSql = `DROP TABLE ${quoteTable(stagingName({}))}`;

/** Nobody else may insert between the look at what is there and the upsert. Reading goes on. */
export function lockForUpsertSql(table: SqlExistingTable): string {
  return `LOCK TABLE ${quoteTable(table.to)} IN SHARE ROW EXCLUSIVE MODE`;
}

/** INSERT of staged rows, all or those that `condition` is true for, in the order they came, without RETURNING. */
export function insertStagedSql(table: SqlStagedTable, condition = 'true'): string {
  const { to, written } = table;
  const values = written.map((name) => `s.${quoteIdentifier(name)}`).join(', ');
  return `INSERT INTO ${quoteTable(to)} AS t (${quoteList(written)}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM ${quoteTable(stagingName(table))} AS s WHERE ${condition} ORDER BY s.ctid${onConflict(table)}`;
}

/**
 * Writes the staged rows of all tables and an entry of `sluice.undo` for each, in one statement: foreign keys are checked when all of it is done, and all
 * parts see the tables as they were before it, so `old` is the row that is overwritten. `condition`: which of the rows, `s`.
 */
export function writeStagedSql(tables: readonly SqlStagedTable[], condition?: string): string {
  const writes = tables.map((table, i) => {
    const returned = table.columns.map(({ name }) => `t.${quoteIdentifier(name)}`).join(', ');
    return `w${i} AS (${insertStagedSql(table, condition)} RETURNING ${returned})`;
  });
  return `WITH ${writes.join(',\n ')}
    INSERT INTO sluice.undo (run_id, table_label, key, key_digest, before, digest)
    ${tables.map((table, i) => entriesSql(table, `w${i}`)).join('\n UNION ALL ')}`;
}

function entriesSql(table: SqlStagedTable, written: string): string {
  const { runId, label, columns, key, conflict, undo, to } = table;
  const keyTexts = key.length === 0 ? 'NULL::text[]' : rowTexts('w', key);
  const before = undo && conflict.length > 0 ? `CASE WHEN old.tableoid IS NOT NULL THEN ${rowTexts('old', columns)} END` : 'NULL::text[]';
  const same = conflict.map((name) => `old.${quoteIdentifier(name)} = w.${quoteIdentifier(name)}`).join(' AND ');
  const keyDigest = key.length === 0 ? 'NULL::bytea' : textsDigest(keyTexts);
  const select = `SELECT ${quoteLiteral(runId)}, ${quoteLiteral(label)}, ${keyTexts}, ${keyDigest}, ${before}, ${rowDigest('w', columns)}`;
  if (!undo || conflict.length === 0) return `${select} FROM ${written} AS w`;
  // Entries keep the order in which rows were written, so that they can be restored in the opposite one.
  const inOrder = `(SELECT written.*, row_number() OVER () AS ${rowNumber} FROM ${written} AS written) AS w`;
  return `(${select} FROM ${inOrder} LEFT JOIN ${quoteTable(to)} AS old ON ${same} ORDER BY w.${rowNumber})`;
}

/**
 * Staged rows whose values the table has already under a unique index: `row` counts from 0 in the order they came, `key` names them. An INSERT is
 * certain to refuse each of them.
 */
export function takenKeysSql(table: SqlStagedTable, columns: readonly ExistingColumn[]): string {
  const same = columns.map(({ name, type }) => `t.${quoteIdentifier(name)} = s.${quoteIdentifier(name)}::${type}`).join(' AND ');
  const key = columns.map(({ name }) => `s.${quoteIdentifier(name)}::text`).join(', ');
  return `SELECT s.${rowNumber}::text AS row, concat_ws(', ', ${key}) AS key
    FROM ${numberedRows(table)} AS s
    WHERE EXISTS (SELECT FROM ${quoteTable(table.to)} AS t WHERE ${same})`;
}

/** Staged rows with their numbers: where they have none, in the order they came and from 0. */
export function numberedRows(table: SqlStagedTable): string {
  const name = quoteTable(stagingName(table));
  return table.pool === undefined
    ? `(SELECT staged.*, row_number() OVER (ORDER BY staged.ctid) - 1 AS ${rowNumber} FROM ${name} AS staged)`
    : name;
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
