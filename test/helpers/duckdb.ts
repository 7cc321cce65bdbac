import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { ContractRow } from '../contract/source-setting.ts';

/** Opens a database, or one in memory, as another program would, and closes it again; nothing is left pending beside it. */
export async function inDuckDb<T>(path: string | null, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(path ?? ':memory:');
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
