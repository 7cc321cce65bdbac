import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalog } from '../../model/catalog.ts';
import { DuckDbSource } from '../shared/duckdb/duckdb-source.ts';
import { openDuckDb, type DuckDb } from '../shared/duckdb/open-duckdb.ts';
import { quoteName } from '../shared/quote-name.ts';
import { columnsOf, readAllRows } from '../shared/duckdb/read-chunks.ts';
import type { DuckDbStore, Relation } from '../shared/duckdb/relation.ts';
import type { SourceSnapshot } from '../source.ts';
import type { DuckDbSnapshot } from './freeze-database.ts';
import { introspectDatabase } from './introspect-database.ts';
import { readTableRows, sourceName, type TableRow } from './system-tables.ts';

export async function attachDatabase(snapshot: SourceSnapshot): Promise<DuckDbSource> {
  const { path, location, capabilities, scratch } = snapshot as DuckDbSnapshot;
  const database = await openDuckDb({ path, scratch, context: { path: location } });
  return new DuckDbSource(new DatabaseStore(database), capabilities, location);
}

/** DuckDB fills its groups of rows up to this many before it begins the next. */
const rowsOfGroup = 122_880n;

/** The tables of a database, each read in the order of its row ids. */
class DatabaseStore implements DuckDbStore {
  readonly database: DuckDb;

  constructor(database: DuckDb) {
    this.database = database;
  }

  introspect(): Promise<Catalog> {
    return this.database.withConnection(introspectDatabase);
  }

  relations(): Promise<readonly Relation[]> {
    return this.database.withConnection(async (connection) => {
      const relations: Relation[] = [];
      for (const table of await readTableRows(connection)) relations.push(await toRelation(connection, table));
      return relations;
    });
  }
}

async function toRelation(connection: DuckDBConnection, { schema, table }: TableRow): Promise<Relation> {
  const from = `${quoteName(schema)}.${quoteName(table)}`;
  const found = await columnsOf(connection, `SELECT * FROM ${from}`);
  const hidden = found.some(({ name }) => name.toLowerCase() === 'rowid');
  const columns = found.map((column) => ({ ...column, sql: quoteName(column.name) }));
  const relation = { name: sourceName(schema, table), columns, rowWord: 'rowid' };
  if (!hidden) return { ...relation, from, rowSql: 'rowid', ...(await measure(connection, 'rowid', from)) };
  // A column of that name hides the row ids: rows are counted as a scan gives them.
  const rowSql = quoteName(freeName(found.map(({ name }) => name)));
  const numbered = `(SELECT row_number() OVER () - 1 AS ${rowSql}, * FROM ${from})`;
  return { ...relation, from: numbered, rowSql, rowWord: 'row', ...(await measure(connection, rowSql, numbered)) };
}

async function measure(connection: DuckDBConnection, rowSql: string, from: string): Promise<Pick<Relation, 'rows' | 'groupEnds'>> {
  const [[rows, last] = []] = (await readAllRows(connection, `SELECT count(*), max(${rowSql}) FROM ${from}`)) as [bigint, bigint | null][];
  return { rows: Number(rows ?? 0n), groupEnds: groupEnds(last ?? null) };
}

/** Ends of DuckDB's own groups. */
function groupEnds(last: bigint | null): readonly bigint[] {
  if (last === null) return [];
  const ends: bigint[] = [];
  for (let end = rowsOfGroup - 1n; end < last; end += rowsOfGroup) ends.push(end);
  return [...ends, last];
}

/** A name that no column has. */
function freeName(names: readonly string[]): string {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  let name = 'sluice_row';
  while (taken.has(name)) name += '_';
  return name;
}
