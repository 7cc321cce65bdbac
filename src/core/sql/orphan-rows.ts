import { quoteIdentifier } from './quote.ts';
import { atPlacesSql, placeSql } from './row-place.ts';
import { quoteTable, type SqlTableName } from './table-name.ts';

/** A foreign key as the rows see it, whether the target has it or not. */
export interface SqlReference {
  readonly child: SqlTableName;
  readonly columns: readonly string[];
  readonly parent: SqlTableName;
  readonly parentColumns: readonly string[];
}

/** SELECT of the number of rows that refer to no row, as text. */
export function countOrphansSql(key: SqlReference): string {
  return `SELECT count(*)::text AS orphans ${orphansOf(key)}`;
}

/**
 * SELECT of the first `limit` rows that refer to no row, in the order of their places: how many there are in all (bigint), their place in the table as
 * text, and `columns` in that order. The rows are looked for once.
 */
export function firstOrphansSql(key: SqlReference, columns: readonly string[], limit: number): string {
  return `WITH orphans AS MATERIALIZED (SELECT child.tableoid AS relation, child.ctid AS place ${orphansOf(key)}),
    firsts AS (SELECT relation, place FROM orphans ORDER BY relation, place LIMIT ${limit})
    SELECT (SELECT count(*) FROM orphans), ${placed(columns)} FROM ${quoteTable(key.child)} AS t JOIN firsts ON t.tableoid = firsts.relation AND t.ctid = firsts.place ORDER BY t.tableoid, t.ctid`;
}

/** SELECT of columns as a JSON list of texts, with the place of their row, for the places that $1 lists as texts. */
export function textsAtPlacesSql(table: SqlTableName, columns: readonly string[]): string {
  const texts = columns.map((column) => `t.${quoteIdentifier(column)}::text`);
  return `SELECT ${placeSql('t')} AS place, json_build_array(${texts.join(', ')})::text AS texts FROM ${quoteTable(table)} AS t WHERE ${atPlacesSql('t', '$1')} ORDER BY t.tableoid, t.ctid`;
}

/**
 * Places of rows that are to be set aside, for one transaction: `tab` numbers their table, `key` the foreign key that they were first found by, and
 * `level` is 0 where the row that they refer to is not there, n where it is one of level n - 1.
 */
export const createOrphanPlacesSql =
  'CREATE TEMPORARY TABLE sluice_orphan (tab integer, relation oid, place tid, key integer, level integer, PRIMARY KEY (tab, relation, place)) ON COMMIT DROP';

/** INSERT of the rows of the first table at the places that $1 lists, as texts. */
export function insertPlacesSql(table: SqlTableName): string {
  return `INSERT INTO pg_temp.sluice_orphan SELECT 0, t.tableoid, t.ctid, -1, 0 FROM ${quoteTable(table)} AS t WHERE ${atPlacesSql('t', '$1')}`;
}

/** INSERT of the rows that refer to no row. */
export function findOrphansSql(tab: number, key: number, reference: SqlReference): string {
  return `INSERT INTO pg_temp.sluice_orphan SELECT ${tab}, child.tableoid, child.ctid, ${key}, 0 ${orphansOf(reference)} ON CONFLICT DO NOTHING`;
}

/** INSERT of the rows that refer to one of the level before; what they refer to is unique, so each has lost its only parent. */
export function spreadOrphansSql(tab: number, key: number, reference: SqlReference, parentTab: number, level: number): string {
  return `INSERT INTO pg_temp.sluice_orphan SELECT ${tab}, child.tableoid, child.ctid, ${key}, ${level}
    FROM pg_temp.sluice_orphan AS gone JOIN ${quoteTable(reference.parent)} AS parent ON parent.tableoid = gone.relation AND parent.ctid = gone.place JOIN ${quoteTable(reference.child)} AS child ON ${sameKey(reference)}
    WHERE gone.tab = ${parentTab} AND gone.level = ${level - 1} ON CONFLICT DO NOTHING`;
}

/** How many there are by table and key, those of level 0 and all. */
export const countOrphanPlacesSql =
  'SELECT tab, key, count(*) FILTER (WHERE level = 0)::text AS direct, count(*)::text AS orphans FROM pg_temp.sluice_orphan GROUP BY tab, key ORDER BY tab, key';

/**
 * SELECT of at most `limit` (null = all) of the rows that are to be set aside and still there: twice the number of their key (bigint), and one more where it is the
 * parent that is set aside; their place as text, and `columns` in that order.
 */
export function orphanRowsSql(tab: number, table: SqlTableName, columns: readonly string[], limit: number | null): string {
  return `SELECT orphan.key::bigint * 2 + CASE WHEN orphan.level = 0 THEN 0 ELSE 1 END, ${placed(columns)}
    FROM pg_temp.sluice_orphan AS orphan JOIN ${quoteTable(table)} AS t ON t.tableoid = orphan.relation AND t.ctid = orphan.place WHERE orphan.tab = ${tab}${limit === null ? '' : ` LIMIT ${limit}`}`;
}

function placed(columns: readonly string[]): string {
  return `${placeSql('t')}${columns.map((column) => `, t.${quoteIdentifier(column)}`).join('')}`;
}

/** PostgreSQL's MATCH SIMPLE: a row with a NULL in one of the columns refers to nothing. */
function orphansOf(key: SqlReference): string {
  const filled = key.columns.map((column) => `child.${quoteIdentifier(column)} IS NOT NULL`);
  return `FROM ${quoteTable(key.child)} AS child WHERE ${filled.join(' AND ')} AND NOT EXISTS (SELECT FROM ${quoteTable(key.parent)} AS parent WHERE ${sameKey(key)})`;
}

function sameKey({ columns, parentColumns }: SqlReference): string {
  return columns.map((column, i) => `parent.${quoteIdentifier(parentColumns[i] ?? '')} = child.${quoteIdentifier(column)}`).join(' AND ');
}
