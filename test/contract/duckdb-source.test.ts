import { join } from 'node:path';
import { duckdbSourceKind } from '../../src/core/sources/duckdb/duckdb-source-kind.ts';
import { createThings, inDuckDb } from '../helpers/duckdb.ts';
import { describeSource } from './source-contract.ts';

const columns = 'whole BIGINT, real DOUBLE, words VARCHAR, bytes BLOB';

const variants: Readonly<Record<string, string>> = {
  'row ids': `things (id BIGINT PRIMARY KEY, ${columns})`,
  'a column that hides the row ids': `things (id BIGINT, ${columns}, rowid VARCHAR)`,
};

for (const [name, table] of Object.entries(variants)) {
  describeSource(`DuckDB, ${name}`, {
    kind: duckdbSourceKind,
    sql: true,
    invalidText: false,
    create: async (directory, rows) => {
      const path = join(directory, 'store.duckdb');
      await inDuckDb(path, (connection) => createThings(connection, table, rows));
      return path;
    },
    alter: (path) => inDuckDb(path, async (connection) => void (await connection.run(`UPDATE things SET words = 'altered' WHERE id = 2`))),
  });
}
