import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { ContractRow } from '../contract/source-setting.ts';
import type { CaseStore, ForeignStore } from './case-setting.ts';

/** Opens a database, or one in memory, as another program would, and closes it again; nothing is left pending beside it. */
export async function inDuckDb<T>(
  path: string | null,
  work: (connection: DuckDBConnection) => Promise<T>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T> {
  const instance = await DuckDBInstance.create(path ?? ':memory:', settings);
  try {
    const connection = await instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** Makes the table `things` of the source contract; columns behind the contract's stay NULL. */
export async function createThings(connection: DuckDBConnection, table: string, rows: readonly ContractRow[]): Promise<void> {
  await connection.run(`CREATE TABLE ${table}`);
  const appender = await connection.createAppender('things');
  for (const [id, whole, real, words, bytes] of rows) {
    appender.appendBigInt(id);
    if (whole === null) appender.appendNull();
    else appender.appendBigInt(whole);
    if (real === null) appender.appendNull();
    else appender.appendDouble(real);
    if (typeof words === 'string') appender.appendVarchar(words);
    else appender.appendNull();
    if (bytes === null) appender.appendNull();
    else appender.appendBlob(bytes);
    for (let c = 5; c < appender.columnCount; c++) appender.appendNull();
    appender.endRow();
  }
  appender.closeSync();
}

/** A DuckDB database made by SQL; tables are counted under the names that the source gives them. */
export function duckDbStore(sql: string, settings: Readonly<Record<string, string>> = {}): ForeignStore {
  return {
    create: async (folder) => {
      const path = join(folder, 'store.duckdb');
      await inDuckDb(path, async (connection) => void (await connection.run(sql)), settings);
      return path;
    },
    count: (location, tables) =>
      inDuckDb(location, (connection) =>
        countEach(connection, tables, (table) =>
          table
            .split('.')
            .map((part) => `"${part}"`)
            .join('.'),
        ),
      ),
  };
}

/**
 * Parquet files written by DuckDB: paths in the store's folder with the SELECT that fills each, and options of COPY behind a bar. One file is the store
 * itself; several are a folder of it.
 */
export function parquetStore(files: Readonly<Record<string, string>>): ForeignStore {
  const names = Object.keys(files);
  return {
    create: async (folder) => {
      const store = names.length === 1 ? join(folder, names[0] ?? '') : join(folder, 'data');
      const root = names.length === 1 ? folder : store;
      await inDuckDb(null, async (connection) => {
        for (const [name, filling] of Object.entries(files)) {
          const [select, options = ''] = filling.split('|');
          mkdirSync(dirname(join(root, name)), { recursive: true });
          await connection.run(`COPY (${select}) TO '${join(root, name)}' (FORMAT parquet${options})`);
        }
      });
      return store;
    },
    count: (location, tables) =>
      inDuckDb(null, (connection) => {
        const paths = (names.length === 1 ? [location] : names.map((name) => join(location, name))).map((path) => `'${path}'`);
        return countEach(connection, tables, () => `read_parquet([${paths.join(', ')}], union_by_name = true)`);
      }),
  };
}

async function countEach(
  connection: DuckDBConnection,
  tables: readonly string[],
  from: (table: string) => string,
): Promise<readonly (readonly [string, number])[]> {
  const counts: (readonly [string, number])[] = [];
  for (const table of tables) {
    const [row] = await (await connection.run(`SELECT count(*) FROM ${from(table)}`)).getRows();
    counts.push([table, Number(row?.[0])]);
  }
  return counts;
}

/** A table `t (id, v)` whose `v` holds the SQL expressions with the ids 1, 2, …, among 1,000 good rows `good` of `n` with the ids 1001, 1002, … */
export function duckDbAmong(declared: string, values: readonly string[], good: string, before = ''): CaseStore {
  const rows = values.map((value, i) => `(${i + 1}, ${value})`).join(', ');
  return {
    make: duckDbStore(
      `${before} CREATE TABLE t (id INTEGER PRIMARY KEY, v ${declared}); INSERT INTO t VALUES ${rows};
       INSERT INTO t SELECT 1000 + n, ${good} FROM range(1, 1001) r(n);`,
    ),
  };
}
