import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalog, CatalogColumn } from '../../model/catalog.ts';
import type { DuckDb } from '../shared/duckdb/open-duckdb.ts';
import { quoteName, quoteText } from '../shared/quote-name.ts';
import { columnsOf, readAllRows } from '../shared/duckdb/read-chunks.ts';
import type { DuckDbStore, Relation, RelationColumn } from '../shared/duckdb/relation.ts';
import { isReadable } from '../shared/duckdb/value-reader.ts';
import { readRequiredColumns } from './required-columns.ts';

/** Rows of one group of one file. */
interface RowGroup {
  readonly file: string;
  readonly rows: bigint;
}

/** Parquet files that are one table: columns by their names, each as wide as its widest, and the folders `name=value` as columns of text. */
export class FilesStore implements DuckDbStore {
  readonly database: DuckDb;
  readonly #table: string;
  readonly #files: readonly string[];
  readonly #notes: readonly string[];

  /** `table`: what it is called. `notes`: what was found out about the files. */
  constructor(database: DuckDb, table: string, files: readonly string[], notes: readonly string[]) {
    this.database = database;
    this.#table = table;
    this.#files = files;
    this.#notes = notes;
  }

  introspect(): Promise<Catalog> {
    return this.database.withConnection(async (connection) => {
      const [[rows] = []] = await readAllRows(connection, `SELECT count(*) FROM ${this.#from()}`);
      const unread = (await columnsOf(connection, `SELECT * FROM ${this.#from()}`)).find(({ type }) => !isReadable(type));
      if (unread !== undefined) {
        const reason = `its column ${unread.name} is of type ${unread.type.toString()}, which is not carried over yet`;
        return { tables: [], views: [], triggers: [], skipped: [{ name: this.#table, reason }] };
      }
      const table = {
        name: this.#table,
        schema: null,
        columns: await this.#catalogColumns(connection),
        primaryKey: [],
        uniques: [],
        checks: [],
        foreignKeys: [],
        indexes: [],
        nextIdentity: null,
        rows: Number(rows),
        notes: [...(this.#files.length === 1 ? [] : [`is ${this.#files.length} files, read in the order of their paths`]), ...this.#notes],
      };
      return { tables: [table], views: [], triggers: [], skipped: [] };
    });
  }

  relations(): Promise<readonly Relation[]> {
    return this.database.withConnection(async (connection) => {
      const groups = await this.#rowGroups(connection);
      const starts = startsOf(this.#files, groups);
      let end = -1n;
      const groupEnds = groups.map(({ rows }) => (end += rows));
      return [
        {
          name: this.#table,
          from: this.#from(),
          rowSql:
            starts.length === 1
              ? 'file_row_number'
              : `(CAST([${starts.join(', ')}] AS BIGINT[])[CAST(file_index + 1 AS BIGINT)] + file_row_number)`,
          rowWord: 'row',
          columns: await this.#columns(connection),
          rows: Number(end + 1n),
          groupEnds,
        },
      ];
    });
  }

  #from(): string {
    return `read_parquet(${this.#list()}, union_by_name = true, hive_types_autocast = false)`;
  }

  #list(): string {
    return `[${this.#files.map(quoteText).join(', ')}]`;
  }

  async #catalogColumns(connection: DuckDBConnection): Promise<readonly CatalogColumn[]> {
    const rows = (await readAllRows(connection, `DESCRIBE SELECT * FROM ${this.#from()}`)) as (readonly string[])[];
    const required = await readRequiredColumns(connection, this.#files);
    return rows.map(([name = '', declared = '']) => ({
      name,
      declared,
      nullable: !required.has(name.toLowerCase()),
      default: null,
      generated: null,
      identity: false,
      collation: null,
    }));
  }

  async #columns(connection: DuckDBConnection): Promise<readonly RelationColumn[]> {
    const found = await columnsOf(connection, `SELECT * FROM ${this.#from()}`);
    const old = await this.#int96Columns(connection);
    const expressions = found.map(({ name }) => (old.has(name) ? int96Sql(quoteName(name)) : quoteName(name)));
    if (expressions.length === 0) return [];
    const types = await columnsOf(connection, `SELECT ${expressions.join(', ')} FROM ${this.#from()}`);
    return found.map(({ name }, c) => ({ name, sql: expressions[c]!, type: types[c]!.type }));
  }

  /** Columns at the top whose timestamps are the old ones of 96 bits. */
  async #int96Columns(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
    const rows = await readAllRows(connection, `SELECT DISTINCT name FROM parquet_schema(${this.#list()}) WHERE type = 'INT96'`);
    return new Set(rows.map(([name]) => String(name)));
  }

  /** In the order in which the files are read. */
  async #rowGroups(connection: DuckDBConnection): Promise<readonly RowGroup[]> {
    const rows = (await readAllRows(
      connection,
      `SELECT DISTINCT file_name, row_group_id, row_group_num_rows FROM parquet_metadata(${this.#list()}) ORDER BY file_name, row_group_id`,
    )) as (readonly [string, bigint, bigint])[];
    const byFile = Map.groupBy(rows, ([file]) => file);
    return this.#files.flatMap((file) => (byFile.get(file) ?? []).map(([, , count]) => ({ file, rows: count })));
  }
}

/** Rows in front of each file. */
function startsOf(files: readonly string[], groups: readonly RowGroup[]): readonly bigint[] {
  const rows = new Map<string, bigint>();
  for (const group of groups) rows.set(group.file, (rows.get(group.file) ?? 0n) + group.rows);
  let before = 0n;
  return files.map((file) => {
    const start = before;
    before += rows.get(file) ?? 0n;
    return start;
  });
}

/**
 * DuckDB counts these in 64 bits and wraps around without a word, so that a day of the year 300000 becomes one of the year 226414 BC. What is beyond the
 * years 1 to 9999, where nothing wraps, is a text that no timestamp column takes.
 */
function int96Sql(name: string): string {
  const sane = `${name} BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999'`;
  return `CASE WHEN ${sane} THEN CAST(${name} AS VARCHAR) WHEN ${name} IS NOT NULL THEN 'beyond the years 1 to 9999; read as ' || CAST(${name} AS VARCHAR) END`;
}
