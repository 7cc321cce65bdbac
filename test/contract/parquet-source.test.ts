import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parquetSourceKind } from '../../src/core/sources/parquet/parquet-source-kind.ts';
import { createThings, inDuckDb } from '../helpers/duckdb.ts';
import { describeSource } from './source-contract.ts';
import type { ContractRow } from './source-setting.ts';

const table = 'things (id BIGINT, whole BIGINT, real DOUBLE, words VARCHAR, bytes BLOB)';

/** Groups of 512 rows, so that ranges and places cross them. */
async function writeFile(path: string, rows: readonly ContractRow[]): Promise<void> {
  await inDuckDb(null, async (connection) => {
    await createThings(connection, table, rows);
    await connection.run(`COPY things TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 512)`);
  });
}

describeSource('Parquet, one file', {
  kind: parquetSourceKind,
  sql: true,
  invalidText: false,
  create: async (directory, rows) => {
    const path = join(directory, 'things.parquet');
    await writeFile(path, rows);
    return path;
  },
  alter: async (path) => {
    await inDuckDb(null, async (connection) => {
      await connection.run(
        `CREATE TABLE things AS SELECT * REPLACE (CASE id WHEN 2 THEN 'altered' ELSE words END AS words) FROM '${path}'`,
      );
      await rm(path);
      await connection.run(`COPY things TO '${path}' (FORMAT parquet)`);
    });
  },
});

const parts = [0, 900, 901, Infinity];
const partsOf = (folder: string): readonly string[] => parts.slice(1).map((_, i) => join(folder, `things_${i}.parquet`));

for (const [name, locationOf] of [
  ['a folder', (folder: string): string => join(folder, 'things')],
  ['a glob', (folder: string): string => join(folder, 'things', 'things_?.parquet')],
] as const) {
  const folderOf = (path: string): string => (path.endsWith('things') ? path : dirname(path));
  describeSource(`Parquet, ${name}`, {
    kind: parquetSourceKind,
    sql: true,
    invalidText: false,
    several: { files: (path) => partsOf(folderOf(path)), root: folderOf },
    create: async (directory, rows) => {
      const location = locationOf(directory);
      await mkdir(folderOf(location));
      for (const [i, path] of partsOf(folderOf(location)).entries()) await writeFile(path, rows.slice(parts[i], parts[i + 1]));
      return location;
    },
    alter: async (location) => {
      const [path = ''] = partsOf(folderOf(location));
      await inDuckDb(null, async (connection) => {
        await connection.run(
          `CREATE TABLE things AS SELECT * REPLACE (CASE id WHEN 2 THEN 'altered' ELSE words END AS words) FROM '${path}'`,
        );
        await rm(path);
        await connection.run(`COPY things TO '${path}' (FORMAT parquet)`);
      });
    },
  });
}
