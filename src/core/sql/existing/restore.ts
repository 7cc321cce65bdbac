import { quoteIdentifier, quoteList, quoteLiteral } from '../quote.ts';
import { quoteTable, type SqlTableName } from '../table-name.ts';
import { entriesOf, isSameKey, pickedRows, writtenEntries, type SqlExistingTable } from './own-rows.ts';
import { fromTexts, rowDigest, rowTexts, textsDigest } from './row-text.ts';

/** Tables in this mode cannot get rows, nor rows of others a reference to theirs; reading goes on. */
export function lockForRestoreSql(tables: readonly SqlExistingTable[]): string {
  return `LOCK TABLE ${tables.map(({ to }) => quoteTable(to)).join(', ')} IN EXCLUSIVE MODE`;
}

/** Rows that are not as the run wrote them: `row` names them, `gone` says that they are not there any more. At most `limit`. */
export function changedRowsSql(table: SqlExistingTable, limit: number): string {
  if (table.key.length === 0) return changedContentSql(table, limit);
  const key = quoteLiteral(`(${table.key.map(({ name }) => name).join(', ')}) = (`);
  return `SELECT ${key} || array_to_string(u.key, ', ', 'NULL') || ')' AS row, t.tableoid IS NULL AS gone
    FROM sluice.undo AS u LEFT JOIN ${quoteTable(table.to)} AS t ON ${isSameKey(table, 't', 'u')}
    WHERE ${writtenEntries(table, 'u')} AND ${rowDigest('t', table.columns)} IS DISTINCT FROM u.digest LIMIT ${limit}`;
}

function changedContentSql(table: SqlExistingTable, limit: number): string {
  return `SELECT (written.rows - coalesce(there.rows, 0))::text || ' row(s) of one content' AS row, true AS gone
    FROM (SELECT w.digest, count(*) AS rows FROM sluice.undo AS w WHERE ${writtenEntries(table, 'w')} GROUP BY w.digest) AS written
    LEFT JOIN (SELECT ${rowDigest('t', table.columns)} AS digest, count(*) AS rows FROM ${quoteTable(table.to)} AS t GROUP BY 1) AS there ON there.digest = written.digest
    WHERE coalesce(there.rows, 0) < written.rows LIMIT ${limit}`;
}

/**
 * Rows that the run added to the tables go, and then rows that it overwrote become what they were: one statement, so that foreign keys between them are
 * checked when all is done. `order`: `any` is faster; `backwards` undoes the last write first, which unique values need that rows have passed on to each
 * other. Its result tells `label`, `what` (deleted or updated), `rows`, and `inexact` ones, which came out as other rows.
 */
export function undoWritesSql(tables: readonly SqlExistingTable[], order: 'any' | 'backwards'): string {
  const keyed = tables.filter(({ conflict }) => conflict.length > 0);
  const deletions = tables.map((table, i) => `d${i} AS (${deleteInserted(table)})`);
  // An update reads the number of rows that went, so it cannot begin before they are gone.
  const gone = `gone AS MATERIALIZED (SELECT ${tables.map((_, i) => `(SELECT count(*) FROM d${i})`).join(' + ')} AS rows)`;
  const updates = keyed.map((table, i) => `u${i} AS (${order === 'any' ? restoreUpdated(table) : restoreBackwards(table)})`);
  const counts = [
    ...tables.map(
      (table, i) => `SELECT ${quoteLiteral(table.label)} AS label, 'deleted' AS what, count(*)::text AS rows, '0' AS inexact FROM d${i}`,
    ),
    ...keyed.map(
      (table, i) =>
        `SELECT ${quoteLiteral(table.label)}, 'updated', count(*)::text, (count(*) FILTER (WHERE kept.digest IS NULL))::text FROM u${i}
          LEFT JOIN (${keptDigests(overwritten(table, 'u'))}) AS kept ON kept.digest = u${i}.digest`,
    ),
  ];
  return `WITH ${[...deletions, gone, ...updates].join(',\n ')}\n ${counts.join('\n UNION ALL ')}`;
}

/** Entries of rows that were there and that the run has overwritten. */
function overwritten(table: SqlExistingTable, alias: string): string {
  return `${writtenEntries(table, alias)} AND ${alias}.before IS NOT NULL`;
}

function deleteInserted(table: SqlExistingTable): string {
  const source =
    table.key.length > 0
      ? `sluice.undo AS u WHERE ${writtenEntries(table, 'u')} AND u.before IS NULL AND ${isSameKey(table, 't', 'u')}`
      : `(${pickedRows(table)}) AS u WHERE t.tableoid = u.relation AND t.ctid = u.place`;
  return `DELETE FROM ${quoteTable(table.to)} AS t USING ${source} RETURNING true`;
}

function restoreUpdated(table: SqlExistingTable): string {
  const set = table.columns.flatMap(({ name, type, alwaysIdentity }, i) =>
    alwaysIdentity ? [] : [`${quoteIdentifier(name)} = ${fromTexts('u.before', i, type)}`],
  );
  return `UPDATE ${quoteTable(table.to)} AS t SET ${set.join(', ')} FROM sluice.undo AS u, gone
    WHERE gone.rows >= 0 AND ${overwritten(table, 'u')} AND ${isSameKey(table, 't', 'u')} RETURNING ${rowDigest('t', table.columns)} AS digest`;
}

/** An UPDATE has no order, an INSERT has. Each row is there, so that none is inserted. */
function restoreBackwards(table: SqlExistingTable): string {
  const { columns, conflict, to } = table;
  const set = columns.flatMap(({ name, alwaysIdentity }) =>
    alwaysIdentity ? [] : [`${quoteIdentifier(name)} = EXCLUDED.${quoteIdentifier(name)}`],
  );
  return `INSERT INTO ${quoteTable(to)} AS t (${quoteList(columns.map(({ name }) => name))}) OVERRIDING SYSTEM VALUE
    SELECT ${valuesBefore(table)} FROM sluice.undo AS u, gone WHERE gone.rows >= 0 AND ${overwritten(table, 'u')} ORDER BY u.ordinal DESC
    ON CONFLICT (${quoteList(conflict)}) DO UPDATE SET ${set.join(', ')} RETURNING ${rowDigest('t', columns)} AS digest`;
}

function valuesBefore({ columns }: SqlExistingTable): string {
  return columns.map(({ type }, i) => fromTexts('u.before', i, type)).join(', ');
}

function keptDigests(entries: string): string {
  return `SELECT DISTINCT ${textsDigest('u.before')} AS digest FROM sluice.undo AS u WHERE ${entries}`;
}

/** Deleted rows of all tables come back, in one statement; counted like `undoWritesSql`. */
export function restoreDeletedSql(tables: readonly SqlExistingTable[]): string {
  const deleted = (table: SqlExistingTable): string => `${entriesOf(table, 'u')} AND u.digest IS NULL`;
  const parts = tables.map(
    (
      table,
      i,
    ) => `p${i} AS (INSERT INTO ${quoteTable(table.to)} AS t (${quoteList(table.columns.map(({ name }) => name))}) OVERRIDING SYSTEM VALUE
      SELECT ${valuesBefore(table)} FROM sluice.undo AS u WHERE ${deleted(table)} ORDER BY u.ordinal RETURNING ${rowDigest('t', table.columns)} AS digest)`,
  );
  const counts = tables.map(
    (table, i) =>
      `SELECT ${quoteLiteral(table.label)} AS label, 'returned' AS what, count(*)::text AS rows, (count(*) FILTER (WHERE kept.digest IS NULL))::text AS inexact
        FROM p${i} LEFT JOIN (${keptDigests(deleted(table))}) AS kept ON kept.digest = p${i}.digest`,
  );
  return `WITH ${parts.join(',\n ')}\n ${counts.join('\n UNION ALL ')}`;
}

/** All rows of all tables go, in one statement, and each leaves an entry where the run can be rolled back. */
export function emptyTablesSql(tables: readonly SqlExistingTable[]): string {
  const deletions = tables.map((table, i) => {
    const returned = table.columns.map(({ name }) => `t.${quoteIdentifier(name)}`).join(', ');
    return `d${i} AS (DELETE FROM ${quoteTable(table.to)} AS t RETURNING ${returned})`;
  });
  const kept = tables.map((table, i) => {
    const key = table.key.length === 0 ? 'NULL' : rowTexts(`d${i}`, table.key);
    return `SELECT ${quoteLiteral(table.runId)}, ${quoteLiteral(table.label)}, ${key}::text[], ${rowTexts(`d${i}`, table.columns)} FROM d${i}`;
  });
  const select = kept.join('\n UNION ALL ');
  return tables[0]?.undo === false
    ? `WITH ${deletions.join(',\n ')} SELECT 1`
    : `WITH ${deletions.join(',\n ')} INSERT INTO sluice.undo (run_id, table_label, key, before) ${select}`;
}

export interface SqlReference {
  readonly child: SqlTableName;
  readonly columns: readonly string[];
  readonly parentColumns: readonly string[];
}

/**
 * How many rows of another table refer to rows that a roll back would delete; `own` = that table when the run wrote into it as well: rows that it added
 * go too, and those that it overwrote refer to what they referred to before.
 */
export function countReferencesSql(parent: SqlExistingTable, reference: SqlReference, own: SqlExistingTable | null): string {
  const same = reference.columns.map((name, i) => `c.${quoteIdentifier(name)} = p.${quoteIdentifier(reference.parentColumns[i] ?? '')}`);
  const inserted =
    parent.key.length > 0
      ? `sluice.undo AS u ON ${writtenEntries(parent, 'u')} AND u.before IS NULL AND ${isSameKey(parent, 'p', 'u')}`
      : `(${pickedRows(parent)}) AS u ON p.tableoid = u.relation AND p.ctid = u.place`;
  return `SELECT count(*)::text AS rows FROM ${quoteTable(reference.child)} AS c JOIN ${quoteTable(parent.to)} AS p ON ${same.join(' AND ')}
    JOIN ${inserted}${own === null ? '' : ` WHERE NOT ${isUndone(own, reference)}`}`;
}

/** Row `c` of the table goes, or will not refer to row `p` any more. */
function isUndone(table: SqlExistingTable, { columns, parentColumns }: SqlReference): string {
  const entry =
    table.key.length > 0
      ? `${isSameKey(table, 'c', 'x')} AND (x.before IS NULL OR (${columns.map((name, i) => referredBefore(table, name, parentColumns[i] ?? '')).join(' AND ')}) IS NOT TRUE)`
      : `x.digest = ${rowDigest('c', table.columns)}`;
  return `EXISTS (SELECT FROM sluice.undo AS x WHERE ${writtenEntries(table, 'x')} AND ${entry})`;
}

/** A generated column is not kept: it may refer to the same row as before. */
function referredBefore({ columns }: SqlExistingTable, name: string, parentColumn: string): string {
  const place = columns.findIndex((column) => column.name === name);
  const type = columns[place]?.type;
  return type === undefined ? 'true' : `${fromTexts('x.before', place, type)} = p.${quoteIdentifier(parentColumn)}`;
}
