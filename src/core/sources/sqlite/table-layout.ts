import { MigrationError } from '../../errors.ts';
import type { Connection } from '../shared/sqlite/connection.ts';
import { readFullTextTable } from './full-text-table.ts';
import type { SchemaRow } from './schema-row.ts';
import { readVec0Table } from './vec0-table.ts';

/** What reading a table needs to know about it. */
export interface TableLayout {
  readonly name: string;
  readonly columns: readonly LayoutColumn[];
  readonly withoutRowid: boolean;
  readonly strict: boolean;
  /** In key order; empty when the table has no primary key. */
  readonly primaryKey: readonly KeyColumn[];
  /** Name under which SQL reaches the rowid; null when columns hide all three names, or there is no rowid. */
  readonly rowidName: string | null;
  /** Column that is the rowid itself (INTEGER PRIMARY KEY). */
  readonly rowidColumn: string | null;
}

export interface LayoutColumn {
  readonly name: string;
  readonly declared: string;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly generated: 'virtual' | 'stored' | null;
}

export interface KeyColumn {
  readonly name: string;
  readonly collation: string;
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly notnull: bigint;
  readonly dflt_value: string | null;
  readonly pk: bigint;
  readonly hidden: bigint;
}

/** Throws `no-such-source-table`; only ordinary tables and full-text tables that keep their texts are tables here. */
export function readTableLayout(connection: Connection, table: string, location: string): TableLayout {
  const found = connection
    .prepare(`SELECT name, type, wr, strict FROM pragma_table_list(?) WHERE schema = 'main' AND type IN ('table', 'virtual')`)
    .get(table) as { name: string; type: string; wr: bigint; strict: bigint } | undefined;
  const layout = vec0Layout(connection, table) ?? (found?.type === 'virtual' ? fullTextLayout(connection, table) : null);
  if (layout !== null) return layout;
  if (found === undefined || found.name !== table || found.type === 'virtual')
    throw new MigrationError('no-such-source-table', { context: { path: location, table } });
  const rows = connection
    .prepare(`SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?, 'main') ORDER BY cid`)
    .all(table) as ColumnRow[];
  const keyIndex = connection.prepare(`SELECT name FROM pragma_index_list(?, 'main') WHERE origin = 'pk'`).pluck().get(table) as
    string | undefined;
  const keyNames = rows.filter(({ pk }) => pk > 0n).sort((a, b) => Number(a.pk - b.pk));
  const withoutRowid = found.wr === 1n;
  // A primary key without an index of its own is the rowid; this is also right for INTEGER PRIMARY KEY DESC, which is not.
  const rowidColumn = !withoutRowid && keyNames.length === 1 && keyIndex === undefined ? keyNames[0]!.name : null;
  return {
    name: table,
    columns: rows.map(toColumn),
    withoutRowid,
    strict: found.strict === 1n,
    primaryKey: keyNames.map(({ name }) => ({
      name,
      collation: keyIndex === undefined ? 'BINARY' : collationOf(connection, keyIndex, name),
    })),
    rowidName: withoutRowid ? null : (rowidColumn ?? freeRowidName(rows)),
    rowidColumn,
  };
}

/** What `openVec0Tables` has made readable under the name of the virtual table. */
function vec0Layout(connection: Connection, table: string): TableLayout | null {
  const row = connection.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(table) as
    Pick<SchemaRow, 'name' | 'sql'> | undefined;
  const found = row === undefined ? null : readVec0Table(connection, row);
  if (found === null || typeof found === 'string') return null;
  const key = found.key?.name ?? 'rowid';
  const isRowid = found.key?.isRowid ?? true;
  return {
    name: table,
    columns: found.columns.map(({ name, declared }) => ({ name, declared, notNull: name === key, default: null, generated: null })),
    withoutRowid: false,
    strict: false,
    primaryKey: [{ name: key, collation: 'BINARY' }],
    rowidName: isRowid ? key : 'rowid',
    rowidColumn: isRowid ? key : null,
  };
}

/** The rowid is what other tables know a document by, so it is read like a column, unless a column hides it. */
function fullTextLayout(connection: Connection, table: string): TableLayout | null {
  const row = connection.prepare(`SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(table) as
    SchemaRow | undefined;
  const found = row === undefined ? null : readFullTextTable(connection, row);
  if (found?.kept !== 'own') return null;
  const plain = { declared: '', notNull: false, default: null, generated: null };
  const columns = found.columns.map((name) => ({ name, ...plain }));
  const hidden = found.columns.some((name) => name.toLowerCase() === 'rowid');
  const rowid = { ...plain, name: 'rowid', declared: 'INTEGER', notNull: true };
  return {
    name: table,
    columns: hidden ? columns : [rowid, ...columns],
    withoutRowid: false,
    strict: false,
    primaryKey: hidden ? [] : [{ name: 'rowid', collation: 'BINARY' }],
    rowidName: hidden ? 'docid' : 'rowid',
    rowidColumn: hidden ? null : 'rowid',
  };
}

const generatedKinds: Readonly<Record<string, 'virtual' | 'stored'>> = { 2: 'virtual', 3: 'stored' };

/** The collation that keeps SQLite itself from reading a table here: one that only the application defines, in the key of a WITHOUT ROWID table. */
export function unknownKeyCollation({ withoutRowid, primaryKey }: TableLayout): string | null {
  if (!withoutRowid) return null;
  return primaryKey.find(({ collation }) => !['BINARY', 'NOCASE', 'RTRIM'].includes(collation.toUpperCase()))?.collation ?? null;
}

function toColumn(row: ColumnRow): LayoutColumn {
  return {
    name: row.name,
    declared: row.type,
    notNull: row.notnull === 1n,
    default: row.dflt_value,
    generated: generatedKinds[String(row.hidden)] ?? null,
  };
}

function collationOf(connection: Connection, index: string, column: string): string {
  const statement = connection.prepare(`SELECT coll FROM pragma_index_xinfo(?, 'main') WHERE name = ? AND key = 1`).pluck();
  return (statement.get(index, column) as string | null | undefined) ?? 'BINARY';
}

function freeRowidName(rows: readonly ColumnRow[]): string | null {
  const taken = new Set(rows.map(({ name }) => name.toLowerCase()));
  return ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name)) ?? null;
}
