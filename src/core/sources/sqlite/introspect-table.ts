import type { CatalogColumn, CatalogTable } from '../../model/catalog.ts';
import type { Connection } from '../shared/sqlite/connection.ts';
import { introspectForeignKeys } from './introspect-foreign-keys.ts';
import { introspectIndexes } from './introspect-indexes.ts';
import { quoteName } from '../shared/quote-name.ts';
import type { SchemaRow } from './schema-row.ts';
import { readTableDdl, type TableDdl } from './table-ddl.ts';
import { readTableLayout, type LayoutColumn, type TableLayout } from './table-layout.ts';

export function introspectTable(connection: Connection, row: SchemaRow, schema: readonly SchemaRow[], location: string): CatalogTable {
  const layout = readTableLayout(connection, row.name, location);
  const text = readTableDdl(row.sql ?? '');
  const ddl = text ?? withoutText(connection, layout);
  const { uniques, indexes } = introspectIndexes(connection, row.name, schema);
  const { foreignKeys, notes } = introspectForeignKeys(connection, row.name, ddl.deferred);
  return {
    name: row.name,
    schema: null,
    columns: layout.columns.map((column) => toColumn(column, layout, ddl)),
    primaryKey: layout.primaryKey.map(({ name }) => name),
    uniques,
    checks: ddl.checks,
    foreignKeys,
    indexes,
    nextIdentity: ddl.autoincrement ? nextIdentity(connection, layout) : null,
    rows: countRows(connection, row.name),
    ...(layout.primaryKey.length > 0 || layout.rowidName === null ? {} : { rowNumber: layout.rowidName }),
    notes: [...layoutNotes(layout), ...(text === null ? [unreadable] : []), ...notes],
  };
}

/** Exact number of rows. SQLite counts in the smallest index, unless that has an order that only its application knows. */
export function countRows(connection: Connection, table: string): number {
  const count = (way: string): number =>
    Number(
      connection
        .prepare(`SELECT count(*) FROM ${quoteName(table)}${way}`)
        .pluck()
        .get(),
    );
  try {
    return count('');
  } catch {
    return count(' NOT INDEXED');
  }
}

const unreadable =
  'is known by what SQLite tells of it, because the text of its CREATE TABLE cannot be read: CHECK constraints, collations of columns, deferral of foreign keys and expressions of generated columns are not carried over';

/** What pragmas cannot tell is left open. Only AUTOINCREMENT shows elsewhere: once a row was written. */
function withoutText(connection: Connection, { name }: TableLayout): TableDdl {
  const counters = connection.prepare(`SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_sequence'`).pluck().get() as bigint;
  const counted = counters > 0n && connection.prepare('SELECT 1 FROM main.sqlite_sequence WHERE name = ?').pluck().get(name) !== undefined;
  return { autoincrement: counted, collations: new Map(), generated: new Map(), checks: [], deferred: [] };
}

function toColumn(column: LayoutColumn, layout: TableLayout, ddl: TableDdl): CatalogColumn {
  const key = column.name.toLowerCase();
  const inKey = layout.primaryKey.some(({ name }) => name === column.name);
  const identity = column.name === layout.rowidColumn;
  return {
    name: column.name,
    declared: column.declared,
    nullable: !column.notNull && !identity && !(inKey && layout.withoutRowid),
    default: column.default,
    generated: column.generated === null ? null : { expression: ddl.generated.get(key) ?? '', stored: column.generated === 'stored' },
    identity,
    collation: ddl.collations.get(key) ?? null,
  };
}

/** One past the high-water mark, as SQLite itself would go on; null when no further integer exists. */
function nextIdentity(connection: Connection, { name, rowidColumn }: TableLayout): bigint | null {
  if (rowidColumn === null) return null;
  const mark = connection.prepare(`SELECT seq FROM main.sqlite_sequence WHERE name = ? AND typeof(seq) = 'integer'`).pluck().get(name) as
    bigint | undefined;
  const last = connection
    .prepare(`SELECT max(${quoteName(rowidColumn)}) FROM main.${quoteName(name)}`)
    .pluck()
    .get() as bigint | null;
  const highest = [mark ?? 0n, last ?? 0n, 0n].reduce((a, b) => (a > b ? a : b));
  return highest < 2n ** 63n - 1n ? highest + 1n : null;
}

function layoutNotes(layout: TableLayout): readonly string[] {
  const notes: string[] = [];
  if (layout.withoutRowid) notes.push('WITHOUT ROWID');
  if (layout.strict) notes.push('STRICT');
  if (!layout.withoutRowid && layout.rowidName === null) notes.push('the rowid is hidden by columns of the same names: read in one range');
  return notes;
}
