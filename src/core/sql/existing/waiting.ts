import type { ExistingColumn, ExistingForeignKey } from '../../model/existing-table.ts';
import { quoteIdentifier, quoteLiteral } from '../quote.ts';
import { quoteTable } from '../table-name.ts';
import { numberedRows, rowNumber, type SqlStagedTable } from './staging.ts';

/** For staged rows without a parent in the target: which staged row is their parent, null = none. Rows of a table are numbered, tables by their place. */
export const createWaitingSql = `CREATE TEMPORARY TABLE sluice_waiting
  (child integer, child_row bigint, constraint_name text, key text, parent_name text, parent integer, parent_row bigint) ON COMMIT DROP`;

export const indexWaitingSql = 'CREATE INDEX ON pg_temp.sluice_waiting (parent, parent_row); ANALYZE pg_temp.sluice_waiting';

/** One statement for each foreign key of the staged tables that `counts`. Its staged parents are those of `tables`. */
export function findWaitingSql(tables: readonly SqlStagedTable[], counts: (key: ExistingForeignKey) => boolean): readonly string[] {
  return tables.flatMap((child, i) =>
    child.foreignKeys.filter(counts).map((key) => {
      const parent = tables.findIndex(({ label }) => label === key.parentLabel);
      return waitingRows(child, i, key, tables[parent] ?? null, parent);
    }),
  );
}

function waitingRows(child: SqlStagedTable, place: number, key: ExistingForeignKey, parent: SqlStagedTable | null, at: number): string {
  const sent = key.columns.map(({ name, type }) => `s.${quoteIdentifier(name)}::${type}`);
  const stored = key.parentColumns.map((name, i) => `p.${quoteIdentifier(name)} = ${sent[i] ?? ''}`);
  const filled = key.columns.map(({ name }) => `s.${quoteIdentifier(name)} IS NOT NULL`);
  const staged = parent === null ? null : stagedColumns(parent, key.parentColumns);
  const same = staged?.map(({ name, type }, i) => `sp.${quoteIdentifier(name)}::${type} = ${sent[i] ?? ''}`);
  const join = parent === null || same === undefined ? '' : ` LEFT JOIN ${numberedRows(parent)} AS sp ON ${same.join(' AND ')}`;
  const found = join === '' ? 'NULL::integer, NULL::bigint' : `${at}, sp.${rowNumber}`;
  const texts = key.columns.map(({ name }) => `s.${quoteIdentifier(name)}::text`).join(', ');
  return `INSERT INTO pg_temp.sluice_waiting
    SELECT ${place}, s.${rowNumber}, ${quoteLiteral(key.name)}, concat_ws(', ', ${texts}), ${quoteLiteral(key.parent.table)}, ${found}
      FROM ${numberedRows(child)} AS s${join}
     WHERE ${filled.join(' AND ')} AND NOT EXISTS (SELECT FROM ${quoteTable(key.parent)} AS p WHERE ${stored.join(' AND ')})`;
}

/** null when the run does not write one of them, so that no staged row can have the key. */
function stagedColumns({ columns, written }: SqlStagedTable, names: readonly string[]): readonly ExistingColumn[] | null {
  const found = names.flatMap((name) => (written.includes(name) ? columns.filter((column) => column.name === name) : []));
  return found.length === names.length ? found : null;
}

/** Rows whose parent is neither in the target nor staged, and those whose staged parent is one of them: `place`, `row`, `constraint_name`, `key`, `parent_name`. */
export const lackingRowsSql = `WITH RECURSIVE lacking (place, row, constraint_name, key, parent_name) AS (
    SELECT child, child_row, constraint_name, key, parent_name FROM pg_temp.sluice_waiting WHERE parent_row IS NULL
    UNION
    SELECT w.child, w.child_row, w.constraint_name, w.key, w.parent_name
      FROM lacking AS l JOIN pg_temp.sluice_waiting AS w ON w.parent = l.place AND w.parent_row = l.row)
  SELECT place, row::text, constraint_name, key, parent_name FROM lacking`;

/** Rows that are left out of what is written, of any staged table; `message` = why, null = as it was said before. */
export const createLeftOutSql = `CREATE TEMPORARY TABLE sluice_left_out
  (place integer, row bigint, message text, PRIMARY KEY (place, row)) ON COMMIT DROP`;

const leaveOut = 'INSERT INTO pg_temp.sluice_left_out (place, row, message)';

/** Leaves out rows whose values the table has already under a unique index, and those that an earlier staged row has. */
export function leaveOutTakenSql(table: SqlStagedTable, place: number): readonly string[] {
  return table.uniques.flatMap(({ name, columns }) => {
    const message = quoteLiteral(`duplicate key value violates unique constraint "${name}"`);
    const values = columns.map(({ name: column, type }) => `s.${quoteIdentifier(column)}::${type}`);
    const filled = values.map((value) => `${value} IS NOT NULL`).join(' AND ');
    const same = columns.map((column, i) => `t.${quoteIdentifier(column.name)} = ${values[i] ?? ''}`).join(' AND ');
    const taken = `${leaveOut} SELECT ${place}, s.${rowNumber}, ${message} FROM ${numberedRows(table)} AS s
      WHERE EXISTS (SELECT FROM ${quoteTable(table.to)} AS t WHERE ${same}) ON CONFLICT DO NOTHING`;
    const later = `${leaveOut} SELECT ${place}, ${rowNumber}, ${message}
      FROM (SELECT s.${rowNumber}, row_number() OVER (PARTITION BY ${values.join(', ')} ORDER BY s.${rowNumber}) AS number FROM ${numberedRows(table)} AS s WHERE ${filled}) AS numbered
      WHERE number > 1 ON CONFLICT DO NOTHING`;
    // What an upsert finds in the table it overwrites.
    return table.conflict.length > 0 ? [later] : [taken, later];
  });
}

export const leaveOutLackingSql = `${leaveOut} SELECT place, row::bigint, NULL FROM (${lackingRowsSql}) AS lacking ON CONFLICT DO NOTHING`;

/** $1 = rows of the table, $2 = why, of each. */
export function leaveOutRowsSql(place: number): string {
  return `${leaveOut} SELECT ${place}, refused.row::bigint, refused.message FROM unnest($1::text[], $2::text[]) AS refused (row, message)`;
}

/** Rows of the table that are left out go from its staging table; the number of them. */
export function dropLeftOutSql(table: SqlStagedTable, place: number): string {
  return `DELETE FROM ${numberedRows(table)} AS s USING pg_temp.sluice_left_out AS l WHERE l.place = ${place} AND l.row = s.${rowNumber}`;
}

/** Numbers of the staged rows, in their order. */
export function stagedNumbersSql(table: SqlStagedTable): string {
  return `SELECT s.${rowNumber}::text AS row FROM ${numberedRows(table)} AS s ORDER BY s.${rowNumber}`;
}

/** Writing `s` only where it is one of the rows $1. */
export const oneOfRows = `s.${rowNumber} = ANY ($1::text[]::bigint[])`;
