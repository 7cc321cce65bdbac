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

/** Overwritten rows of all tables become what they were, in one statement, so that foreign keys between them are checked when all is done. */
export function restoreUpdatedSql(tables: readonly SqlExistingTable[]): string {
  const parts = tables.map((table) => {
    const set = table.columns.flatMap(({ name, type, alwaysIdentity }, i) =>
      alwaysIdentity ? [] : [`${quoteIdentifier(name)} = ${fromTexts('u.before', i, type)}`],
    );
    return `UPDATE ${quoteTable(table.to)} AS t SET ${set.join(', ')} FROM sluice.undo AS u
      WHERE ${writtenEntries(table, 'u')} AND u.before IS NOT NULL AND ${isSameKey(table, 't', 'u')}
      RETURNING ${rowDigest('t', table.columns)} = ${textsDigest('u.before')} AS exact`;
  });
  return counted(parts, tables, 'count(*) FILTER (WHERE NOT exact)');
}

/** Inserted rows of all tables go, in one statement. */
export function deleteInsertedSql(tables: readonly SqlExistingTable[]): string {
  const parts = tables.map((table) => {
    const source =
      table.key.length > 0
        ? `sluice.undo AS u WHERE ${writtenEntries(table, 'u')} AND u.before IS NULL AND ${isSameKey(table, 't', 'u')}`
        : `(${pickedRows(table)}) AS u WHERE t.tableoid = u.relation AND t.ctid = u.place`;
    return `DELETE FROM ${quoteTable(table.to)} AS t USING ${source} RETURNING true AS exact`;
  });
  return counted(parts, tables, '0');
}

/** Deleted rows of all tables come back, in one statement. */
export function restoreDeletedSql(tables: readonly SqlExistingTable[]): string {
  const parts = tables.map((table) => {
    const values = table.columns.map(({ type }, i) => fromTexts('u.before', i, type)).join(', ');
    return `INSERT INTO ${quoteTable(table.to)} AS t (${quoteList(table.columns.map(({ name }) => name))}) OVERRIDING SYSTEM VALUE
      SELECT ${values} FROM sluice.undo AS u WHERE ${entriesOf(table, 'u')} AND u.digest IS NULL ORDER BY u.ordinal
      RETURNING ${rowDigest('t', table.columns)} AS digest`;
  });
  const kept = (table: SqlExistingTable): string =>
    `SELECT DISTINCT ${textsDigest('u.before')} AS digest FROM sluice.undo AS u WHERE ${entriesOf(table, 'u')} AND u.digest IS NULL`;
  return counted(
    parts,
    tables,
    'count(*) FILTER (WHERE kept.digest IS NULL)',
    (table, part) => ` LEFT JOIN (${kept(table)}) AS kept ON kept.digest = ${part}.digest`,
  );
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

/** How many rows of another table refer to rows that a roll back would delete; `own` = that table when the run wrote into it as well: its rows go too. */
export function countReferencesSql(parent: SqlExistingTable, reference: SqlReference, own: SqlExistingTable | null): string {
  const same = reference.columns.map((name, i) => `c.${quoteIdentifier(name)} = p.${quoteIdentifier(reference.parentColumns[i] ?? '')}`);
  const inserted =
    parent.key.length > 0
      ? `sluice.undo AS u ON ${writtenEntries(parent, 'u')} AND u.before IS NULL AND ${isSameKey(parent, 'p', 'u')}`
      : `(${pickedRows(parent)}) AS u ON p.tableoid = u.relation AND p.ctid = u.place`;
  return `SELECT count(*)::text AS rows FROM ${quoteTable(reference.child)} AS c JOIN ${quoteTable(parent.to)} AS p ON ${same.join(' AND ')}
    JOIN ${inserted}${own === null ? '' : ` WHERE NOT ${isInserted(own, 'c')}`}`;
}

function isInserted(table: SqlExistingTable, alias: string): string {
  const entry =
    table.key.length > 0 ? `x.before IS NULL AND ${isSameKey(table, alias, 'x')}` : `x.digest = ${rowDigest(alias, table.columns)}`;
  return `EXISTS (SELECT FROM sluice.undo AS x WHERE ${writtenEntries(table, 'x')} AND ${entry})`;
}

/** Carries out one part for each table and counts its rows: `label`, `rows`, and `inexact` ones, which came out as other rows. */
function counted(
  parts: readonly string[],
  tables: readonly SqlExistingTable[],
  inexact: string,
  joined: (table: SqlExistingTable, part: string) => string = () => '',
): string {
  const named = parts.map((part, i) => `p${i} AS (${part})`).join(',\n ');
  const counts = tables.map(
    (table, i) =>
      `SELECT ${quoteLiteral(table.label)} AS label, count(*)::text AS rows, (${inexact})::text AS inexact FROM p${i}${joined(table, `p${i}`)}`,
  );
  return `WITH ${named}\n ${counts.join('\n UNION ALL ')}`;
}
