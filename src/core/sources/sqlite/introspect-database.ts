import type { Catalog, CatalogObject } from '../../model/catalog.ts';
import type { Connection } from './connection.ts';
import { introspectTable } from './introspect-table.ts';
import type { SchemaRow } from './schema-row.ts';
import { readTableLayout, unknownKeyCollation } from './table-layout.ts';

type Skipped = Catalog['skipped'][number];

/** The whole declared schema, objects in the order of their creation. Counts the rows of every table. */
export function introspectDatabase(connection: Connection, location: string): Catalog {
  const schema = connection.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid').all() as SchemaRow[];
  const types = new Map(
    connection.prepare(`SELECT name, type FROM pragma_table_list WHERE schema = 'main'`).raw().all() as [string, string][],
  );
  const skipped: Skipped[] = [];
  const tables: SchemaRow[] = [];
  for (const row of schema) {
    if (row.type !== 'table') continue;
    const reason = reasonToSkip(row, types, schema) ?? reasonNotReadable(connection, row.name, location);
    if (reason === null) tables.push(row);
    else skipped.push({ name: row.name, reason });
  }
  return {
    tables: tables.map((row) => introspectTable(connection, row, schema, location)),
    views: schema.filter(({ type }) => type === 'view').map(toObject),
    triggers: schema.filter(({ type }) => type === 'trigger').map(toObject),
    skipped,
  };
}

function toObject(row: SchemaRow): CatalogObject {
  return { name: row.name, schema: null, table: row.type === 'trigger' ? row.tbl_name : null, definition: row.sql ?? '' };
}

function reasonToSkip(row: SchemaRow, types: ReadonlyMap<string, string>, schema: readonly SchemaRow[]): string | null {
  if (row.name === 'sqlite_sequence') return 'counters of AUTOINCREMENT, carried over as the next value of each identity column';
  if (row.name.toLowerCase().startsWith('sqlite_')) return "internal table of SQLite's query planner";
  const type = types.get(row.name);
  const module = moduleOf(row);
  if (module !== null || type === 'virtual') return `virtual table (${module ?? 'unknown module'}): not carried over yet`;
  const owner = shadowOwner(row.name, schema);
  if (type === 'shadow' || owner !== null)
    return `shadow table of the virtual table ${owner ?? row.name.slice(0, row.name.lastIndexOf('_'))}`;
  return null;
}

function reasonNotReadable(connection: Connection, table: string, location: string): string | null {
  const collation = unknownKeyCollation(readTableLayout(connection, table, location));
  return collation === null
    ? null
    : `its key is ordered by ${collation}, a collation that only its application defines: SQLite cannot read the table without it`;
}

function moduleOf({ sql }: SchemaRow): string | null {
  return /^CREATE\s+VIRTUAL\s+TABLE[\s\S]*?\sUSING\s+"?(\w+)/i.exec(sql ?? '')?.[1] ?? null;
}

/** The driver knows the shadow tables of its own modules; those of sqlite-vec are known by their names. */
const vectorShadow = /^(?:chunks|rowids|info|auxiliary|(?:vector_chunks|metadatachunks|metadatatext)\d+)$/;

function shadowOwner(name: string, schema: readonly SchemaRow[]): string | null {
  const owner = schema.find(
    (other) => moduleOf(other) === 'vec0' && name.startsWith(`${other.name}_`) && vectorShadow.test(name.slice(other.name.length + 1)),
  );
  return owner?.name ?? null;
}
