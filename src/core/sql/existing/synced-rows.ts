import type { ExistingColumn } from '../../model/existing-table.ts';
import { quoteIdentifier, quoteLiteral } from '../quote.ts';
import { quoteTable, type SqlTableName } from '../table-name.ts';
import { entriesOf } from './own-rows.ts';
import { fromTexts, rowTexts, textsDigest } from './row-text.ts';
import type { SqlStagedTable } from './staging.ts';

/**
 * A table whose rows mode sync knows. `sluice.row_hash` has entries for the keys that runs of one plan have met; the latest of a key counts:
 * `equal` = the target has the row as the source had it, with its `hash`; `behind` = the source's row could not be written, or it cannot be told whether
 * it is there; `waiting` = it waits for its parent; `gone` = the source has it no more, the target still does; `deleted` = nor does the target.
 */
export interface SqlSyncedTable {
  readonly to: SqlTableName;
  readonly label: string;
  /** Name of the plan. */
  readonly plan: string;
  readonly runId: string;
  /** Columns of its key, with their types in the target. */
  readonly key: readonly Pick<ExistingColumn, 'name' | 'type'>[];
  /** Types of the key's columns in the plan. */
  readonly keyTypes: readonly string[];
  /** Only some rows of the source are read; `sluice.read_key` has their keys. */
  readonly partial: boolean;
}

/** A table that was there before the run; null when it is not synced. */
export function syncedTable(table: SqlStagedTable): SqlSyncedTable | null {
  const { to, label, syncedBy: plan, runId, key, written, stagingTypes, partial = false } = table;
  if (plan === undefined) return null;
  return { to, label, plan, runId, key, keyTypes: key.map(({ name }) => stagingTypes[written.indexOf(name)] ?? 'text'), partial };
}

/** Keys and hashes of rows, by the number of the row. */
export function createKeysSql({ keyTypes }: SqlSyncedTable): string {
  return `CREATE TEMPORARY TABLE sluice_keys (row bigint, ${keyTypes.map((type, i) => `k${i} ${type}`).join(', ')}, hash bytea) ON COMMIT DROP`;
}

export const copyKeysSql = 'COPY pg_temp.sluice_keys FROM STDIN (FORMAT binary)';

export const clearKeysSql = 'TRUNCATE pg_temp.sluice_keys';

/** The keys of a whole table, in the form in which they are kept. */
export function gatherSeenSql(table: SqlSyncedTable): readonly string[] {
  return [
    `CREATE TEMPORARY TABLE sluice_seen ON COMMIT DROP AS SELECT s.row, s.key, s.hash FROM ${keptKeys(table)} AS s`,
    ...(table.partial ? keepReadSql(table) : []),
    'DROP TABLE pg_temp.sluice_keys',
    'ANALYZE pg_temp.sluice_seen',
  ];
}

/** Which rows are read, until they are compared; in the place of what an earlier attempt kept. */
function keepReadSql(table: SqlSyncedTable): readonly string[] {
  const texts = stagedTexts(table);
  return [
    `DELETE FROM sluice.read_key WHERE run_id = ${quoteLiteral(table.runId)} AND sync_id = ${syncId(table)}`,
    `INSERT INTO sluice.read_key (run_id, sync_id, key, texts)
      SELECT ${quoteLiteral(table.runId)}, ${syncId(table)}, ${half(textsDigest(texts))}, ${texts} FROM pg_temp.sluice_keys AS staged ON CONFLICT DO NOTHING`,
    'ANALYZE sluice.read_key',
  ];
}

/** Seen rows whose key an earlier one has: `row`. */
export const repeatedKeysSql = `SELECT row::text AS row
  FROM (SELECT s.row, row_number() OVER (PARTITION BY s.key ORDER BY s.row) AS number FROM pg_temp.sluice_seen AS s) AS numbered WHERE number > 1`;

/** Whether a seen row is not known as it is. */
export function someChangedSql(table: SqlSyncedTable): string {
  return `SELECT EXISTS (${unknownRows(table, 'pg_temp.sluice_seen')}) AS changed`;
}

/** Keys that were not seen get another state, unless they have it. */
export function markUnseenSql(table: SqlSyncedTable, state: 'gone' | 'behind'): string {
  return `INSERT INTO sluice.row_hash (sync_id, run_id, key, state)
    SELECT ${syncId(table)}, ${quoteLiteral(table.runId)}, known.key, ${quoteLiteral(state)} FROM ${latest(table)} AS known
     WHERE known.state NOT IN ('deleted', ${quoteLiteral(state)}) AND NOT EXISTS (SELECT FROM pg_temp.sluice_seen AS s WHERE s.key = known.key)`;
}

/** Staged rows that are not known as they are: `row`. */
export function changedRowsOfSync(table: SqlSyncedTable): string {
  return `SELECT changed.row::text AS row FROM (${unknownRows(table, keptKeys(table))}) AS changed ORDER BY changed.row`;
}

function unknownRows(table: SqlSyncedTable, rows: string): string {
  return `SELECT s.row FROM ${rows} AS s
    LEFT JOIN LATERAL ${latestOf(table, 's.key')} AS known ON true
    WHERE known.state IS DISTINCT FROM 'equal' OR known.hash IS DISTINCT FROM s.hash`;
}

/** What became of the staged rows. */
export function rememberKeysSql(table: SqlSyncedTable, state: 'equal' | 'waiting'): string {
  return `INSERT INTO sluice.row_hash (sync_id, run_id, key, hash, state)
    SELECT ${syncId(table)}, ${quoteLiteral(table.runId)}, s.key, s.hash, ${quoteLiteral(state)} FROM ${keptKeys(table)} AS s`;
}

/** The target may have the staged rows as they were before. */
export function markBehindSql(table: SqlSyncedTable): string {
  return `INSERT INTO sluice.row_hash (sync_id, run_id, key, state)
    SELECT ${syncId(table)}, ${quoteLiteral(table.runId)}, s.key, 'behind' FROM ${keptKeys(table)} AS s CROSS JOIN LATERAL ${latestOf(table, 's.key')} AS known
     WHERE known.state IN ('equal', 'gone')`;
}

/** Rows that waited and that the run has written. */
export function rememberSettledSql(table: SqlSyncedTable): string {
  const written = `${entriesOf(table, 'u')} AND u.digest IS NOT NULL AND substring(u.key_digest FROM 1 FOR 16) = known.key`;
  return `INSERT INTO sluice.row_hash (sync_id, run_id, key, hash, state)
    SELECT ${syncId(table)}, ${quoteLiteral(table.runId)}, known.key, known.hash, 'equal' FROM ${latest(table)} AS known
     WHERE known.state = 'waiting' AND known.run_id = ${quoteLiteral(table.runId)} AND EXISTS (SELECT FROM sluice.undo AS u WHERE ${written})`;
}

/** Of a table that the run has made nothing is known from before. */
export function forgetKeysSql(table: SqlSyncedTable): string {
  return `DELETE FROM sluice.row_hash WHERE sync_id = ${syncId(table)}`;
}

/** The rows that the target has as the source had them, as `ownRowsQuery` gives those of a run; of a table that is read in part, those that were read. */
export function syncedRowsQuery(table: SqlSyncedTable, columns: readonly string[], types: readonly string[]): string {
  const list = columns.map((name, i) => `t.${quoteIdentifier(name)}::${types[i] ?? 'text'} AS ${quoteIdentifier(name)}`);
  return `SELECT ${list.join(', ')} ${table.partial ? fromReadRows(table) : fromRowsInState(table, 'equal')}`;
}

/** Found by their key's own index, since they may be few of many. */
function fromReadRows(table: SqlSyncedTable): string {
  const same = table.key.map(({ name, type }, i) => `t.${quoteIdentifier(name)} = ${fromTexts('r.texts', i, type)}`);
  return `FROM sluice.read_key AS r
    JOIN LATERAL ${latestOf(table, 'r.key')} AS known ON known.state = 'equal'
    JOIN ${quoteTable(table.to)} AS t ON ${same.join(' AND ')} AND ${keyDigest(table, 't')} = r.key
   WHERE r.run_id = ${quoteLiteral(table.runId)} AND r.sync_id = ${syncId(table)}`;
}

/** FROM clause with the rows of the table, `t`, whose key is known in this state. */
function fromRowsInState(table: SqlSyncedTable, state: 'equal' | 'behind' | 'gone'): string {
  return `FROM ${quoteTable(table.to)} AS t JOIN ${latest(table)} AS known ON known.state = ${quoteLiteral(state)} AND known.key = ${keyDigest(table, 't')}`;
}

export function countRowsInStateSql(table: SqlSyncedTable, state: 'behind' | 'gone'): string {
  return `SELECT count(*)::text AS rows ${fromRowsInState(table, state)}`;
}

/** Some of the rows that are gone: `key` as PostgreSQL prints it. */
export function goneKeysSql(table: SqlSyncedTable, limit: number): string {
  const names = table.key.map(({ name }) => name).join(', ');
  return `SELECT ${quoteLiteral(`(${names}) = (`)} || array_to_string(${rowTexts('t', table.key)}, ', ') || ')' AS key
    ${fromRowsInState(table, 'gone')} ORDER BY ${table.key.map(({ name }) => `t.${quoteIdentifier(name)}`).join(', ')} LIMIT ${limit}`;
}

export interface SqlGoneReference {
  readonly child: SqlTableName;
  readonly columns: readonly string[];
  readonly parentColumns: readonly string[];
}

/** Rows that refer to gone rows of a table and stay themselves; `own`: the table that has them, when its gone rows are deleted as well. */
export function countReferencesToGoneSql(parent: SqlSyncedTable, reference: SqlGoneReference, own: SqlSyncedTable | null): string {
  const same = reference.columns.map((name, i) => `c.${quoteIdentifier(name)} = t.${quoteIdentifier(reference.parentColumns[i] ?? '')}`);
  const goes =
    own === null
      ? ''
      : ` WHERE NOT EXISTS (SELECT FROM ${latest(own)} AS gone WHERE gone.state = 'gone' AND gone.key = ${keyDigest(own, 'c')})`;
  return `SELECT count(*)::text AS rows ${fromRowsInState(parent, 'gone')} JOIN ${quoteTable(reference.child)} AS c ON ${same.join(' AND ')}${goes}`;
}

/** Rows that are gone leave the target, all in one statement, each with an entry of `sluice.undo` where the run can be rolled back. */
export function deleteGoneSql(tables: readonly SqlStagedTable[]): string {
  const synced = tables.flatMap((table) => {
    const known = syncedTable(table);
    return known === null ? [] : [{ table, known }];
  });
  const deletions = synced.map(({ table, known }, i) => {
    const returned = table.columns.map(({ name }) => `t.${quoteIdentifier(name)}`).join(', ');
    return `d${i} AS (DELETE FROM ${quoteTable(table.to)} AS t USING ${latest(known)} AS known
      WHERE known.state = 'gone' AND known.key = ${keyDigest(known, 't')} RETURNING ${returned}, known.key AS sluice_key)`;
  });
  const kept = synced.map(
    ({ table }, i) =>
      `SELECT ${quoteLiteral(table.runId)}, ${quoteLiteral(table.label)}, ${rowTexts(`d${i}`, table.key)}, ${rowTexts(`d${i}`, table.columns)} FROM d${i}`,
  );
  const undo = `undone AS (INSERT INTO sluice.undo (run_id, table_label, key, before) ${kept.join('\n UNION ALL ')})`;
  const marks = synced.map(
    ({ known }, i) => `SELECT ${syncId(known)}, ${quoteLiteral(known.runId)}, d${i}.sluice_key, 'deleted' FROM d${i}`,
  );
  const parts = tables[0]?.undo === false ? deletions : [...deletions, undo];
  return `WITH ${parts.join(',\n ')} INSERT INTO sluice.row_hash (sync_id, run_id, key, state) ${marks.join('\n UNION ALL ')}`;
}

/** The latest entry of each key. */
function latest(table: SqlSyncedTable): string {
  return `(SELECT DISTINCT ON (h.key) h.key, h.hash, h.state, h.run_id FROM sluice.row_hash AS h WHERE h.sync_id = ${syncId(table)} ORDER BY h.key, h.ordinal DESC)`;
}

/** The latest entry of one key, for few keys of many. */
function latestOf(table: SqlSyncedTable, key: string): string {
  return `(SELECT h.hash, h.state FROM sluice.row_hash AS h WHERE h.sync_id = ${syncId(table)} AND h.key = ${key} ORDER BY h.ordinal DESC LIMIT 1)`;
}

function syncId({ plan, label }: SqlSyncedTable): string {
  return `(SELECT sync_id FROM sluice.sync_table WHERE plan_name = ${quoteLiteral(plan)} AND table_label = ${quoteLiteral(label)})`;
}

/** Staged keys as the target prints them: `row`, `key`, `hash`. */
function keptKeys(table: SqlSyncedTable): string {
  return `(SELECT staged.row, ${half(textsDigest(stagedTexts(table)))} AS key, staged.hash FROM pg_temp.sluice_keys AS staged)`;
}

function stagedTexts({ key }: SqlSyncedTable): string {
  return `ARRAY[${key.map(({ type }, i) => `staged.k${i}::${type}::text`).join(', ')}]::text[]`;
}

function keyDigest({ key }: SqlSyncedTable, alias: string): string {
  return half(textsDigest(rowTexts(alias, key)));
}

/** 128 of the 256 bits by which `sluice.undo` knows the key. */
function half(digest: string): string {
  return `substring(${digest} FROM 1 FOR 16)`;
}
