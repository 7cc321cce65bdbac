import type { Catalog, CatalogObject, CatalogTable } from '../../model/catalog.ts';
import type { Connection } from '../shared/sqlite/connection.ts';
import { readFullTextTable, virtualModule, type FullTextTable } from './full-text-table.ts';
import { introspectFullText } from './introspect-full-text.ts';
import { introspectVec0 } from './introspect-vec0.ts';
import { introspectTable } from './introspect-table.ts';
import { quoteName } from '../shared/quote-name.ts';
import type { SchemaRow } from './schema-row.ts';
import { readVec0Table } from './vec0-table.ts';
import { readTableLayout, unknownKeyCollation } from './table-layout.ts';

type Skipped = Catalog['skipped'][number];

/** The whole declared schema, objects in the order of their creation. Counts the rows of every table. */
export function introspectDatabase(connection: Connection, location: string): Catalog {
  const schema = connection.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid').all() as SchemaRow[];
  const types = new Map(
    connection.prepare(`SELECT name, type FROM pragma_table_list WHERE schema = 'main'`).raw().all() as [string, string][],
  );
  const skipped: Skipped[] = [];
  const tables: CatalogTable[] = [];
  const searches: FullTextTable[] = [];
  for (const row of schema.filter(({ type }) => type === 'table')) {
    const found = readObject(connection, row, schema, types, location);
    if (found.table !== undefined) tables.push(found.table);
    if (found.search !== undefined) searches.push(found.search);
    if (found.reason !== undefined) skipped.push({ name: row.name, reason: found.reason });
  }
  return {
    tables: tables.map((table) => withSearch(table, searches)),
    views: schema.filter(({ type }) => type === 'view').map(toObject),
    triggers: schema.filter(({ type }) => type === 'trigger').map(toObject),
    skipped,
  };
}

/** What one object of the schema turns out to be: a table, an index over the texts of another table, or something to leave out. */
interface ReadObject {
  readonly table?: CatalogTable;
  readonly search?: FullTextTable;
  readonly reason?: string;
}

function readObject(
  connection: Connection,
  row: SchemaRow,
  schema: readonly SchemaRow[],
  types: ReadonlyMap<string, string>,
  location: string,
): ReadObject {
  const vectors = readVec0Table(connection, row);
  if (typeof vectors === 'string') return { reason: `virtual table (vec0) that cannot be read: ${vectors}; ${vec0Recipe(row.name)}` };
  if (vectors !== null) return { table: introspectVec0(connection, vectors) };
  const search = openFullText(connection, row);
  if (typeof search === 'string') return { reason: search };
  if (search?.kept === 'own') return { table: introspectFullText(connection, search) };
  if (search !== null) return { search, reason: reasonAgainst(search) };
  const reason = reasonToSkip(row, types, schema) ?? reasonNotReadable(connection, row.name, location);
  return reason === null ? { table: introspectTable(connection, row, schema, location) } : { reason };
}

/** How its application makes a plain table of it. */
function vec0Recipe(name: string): string {
  return `in its application, with the extension loaded: CREATE TABLE ${quoteName(`${name}_plain`)} AS SELECT rowid, * FROM ${quoteName(name)}`;
}

/** The full-text table, null when it is none, or why it cannot be read. */
function openFullText(connection: Connection, row: SchemaRow): FullTextTable | string | null {
  try {
    const found = readFullTextTable(connection, row);
    if (found?.kept === 'own')
      connection
        .prepare(`SELECT * FROM main.${quoteName(row.name)} LIMIT 1`)
        .raw()
        .get();
    return found;
  } catch (error) {
    return `virtual table (${virtualModule(row)}) that cannot be read without its application: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function reasonAgainst({ module, kept, content }: FullTextTable): string {
  return kept === 'none'
    ? `full-text index (${module}) that keeps no texts: index the texts it was made from`
    : `full-text index (${module}) over the texts of ${content}, which has them itself`;
}

/** A table whose texts another one indexes is searched in the target as well. The first such index counts. */
function withSearch(table: CatalogTable, searches: readonly FullTextTable[]): CatalogTable {
  const own = new Map(table.columns.map(({ name }) => [name.toLowerCase(), name]));
  const found = searches.find(
    ({ content, searched }) => content?.toLowerCase() === table.name.toLowerCase() && searched.every((name) => own.has(name.toLowerCase())),
  );
  if (found === undefined) return table;
  const columns = found.searched.map((name) => own.get(name.toLowerCase()) as string);
  return { ...table, fullText: { name: found.name, columns, tokenizer: found.tokenizer } };
}

function toObject(row: SchemaRow): CatalogObject {
  return { name: row.name, schema: null, table: row.type === 'trigger' ? row.tbl_name : null, definition: row.sql ?? '' };
}

function reasonToSkip(row: SchemaRow, types: ReadonlyMap<string, string>, schema: readonly SchemaRow[]): string | null {
  if (row.name === 'sqlite_sequence') return 'counters of AUTOINCREMENT, carried over as the next value of each identity column';
  if (row.name.toLowerCase().startsWith('sqlite_')) return "internal table of SQLite's query planner";
  const type = types.get(row.name);
  const module = virtualModule(row);
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

/** The driver knows the shadow tables of its own modules; those of sqlite-vec are known by their names. */
const vectorShadow = /^(?:chunks|rowids|info|auxiliary|(?:vector_chunks|metadatachunks|metadatatext)\d+)$/;

function shadowOwner(name: string, schema: readonly SchemaRow[]): string | null {
  const owner = schema.find(
    (other) => virtualModule(other) === 'vec0' && name.startsWith(`${other.name}_`) && vectorShadow.test(name.slice(other.name.length + 1)),
  );
  return owner?.name ?? null;
}
