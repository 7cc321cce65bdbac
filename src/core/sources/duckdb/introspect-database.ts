import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalog, CatalogObject, CatalogTable } from '../../model/catalog.ts';
import { quoteName } from '../shared/quote-name.ts';
import { columnsOf } from '../shared/duckdb/read-chunks.ts';
import { isReadable } from '../shared/duckdb/value-reader.ts';
import { introspectTable } from './introspect-table.ts';
import { readSurroundings, type Surroundings } from './surroundings.ts';
import { ownSchema, readTableRows, sourceName, textRows, type TableRow } from './system-tables.ts';

type Skipped = Catalog['skipped'][number];

/** The whole declared schema, tables in the order of their creation. Counts the rows of every table. */
export async function introspectDatabase(connection: DuckDBConnection): Promise<Catalog> {
  const tables: CatalogTable[] = [];
  const skipped: Skipped[] = [];
  const rows = await readTableRows(connection);
  const surroundings = await readSurroundings(connection, rows);
  for (const row of rows) {
    const reason = await reasonToSkip(connection, row);
    if (reason === null) tables.push(await introspectTable(connection, row, surroundings));
    else skipped.push({ name: sourceName(row.schema, row.table), reason });
  }
  return {
    tables,
    views: await readViews(connection),
    triggers: [],
    skipped: [...skipped, ...unusedSequences(surroundings), ...(await readMacros(connection))],
  };
}

async function reasonToSkip(connection: DuckDBConnection, { schema, table }: TableRow): Promise<string | null> {
  const columns = await columnsOf(connection, `SELECT * FROM ${quoteName(schema)}.${quoteName(table)}`);
  const unread = columns.find(({ type }) => !isReadable(type));
  return unread === undefined ? null : `its column ${unread.name} is of type ${unread.type.toString()}, which is not carried over yet`;
}

/** Those that number one column become its identity. */
function unusedSequences({ sequences }: Surroundings): readonly Skipped[] {
  return [...sequences].flatMap(([name, { next, column, uses }]) => {
    if (column !== null) return [];
    const why = uses === 0 ? 'no column takes its numbers from it' : 'it does not number one column alone';
    return [{ name, reason: `a sequence whose next value is ${next}: ${why}` }];
  });
}

async function readViews(connection: DuckDBConnection): Promise<readonly CatalogObject[]> {
  const rows = await textRows(
    connection,
    `SELECT schema_name, view_name, sql FROM duckdb_views() WHERE database_name = current_database() AND NOT internal ORDER BY view_oid`,
  );
  return rows.map(([schema, name, sql]) => ({ name: name ?? '', schema: ownSchema(schema ?? ''), table: null, definition: sql ?? '' }));
}

async function readMacros(connection: DuckDBConnection): Promise<readonly Skipped[]> {
  const rows = await textRows(
    connection,
    `SELECT function_name, macro_definition FROM duckdb_functions() WHERE database_name = current_database() AND NOT internal AND function_type IN ('macro', 'table_macro') ORDER BY function_oid`,
  );
  return rows.map(([name, definition]) => ({ name: name ?? '', reason: `a macro (${definition ?? ''}), which PostgreSQL does not have` }));
}
