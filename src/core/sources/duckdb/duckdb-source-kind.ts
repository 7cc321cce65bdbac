import { realpath } from 'node:fs/promises';
import { DuckDbSource } from '../shared/duckdb/duckdb-source.ts';
import { openDuckDb } from '../shared/duckdb/open-duckdb.ts';
import { checkFileUnchanged } from '../shared/file-snapshot.ts';
import type { SourceKind, SourceSnapshot } from '../source.ts';
import { headerBytes, isDuckDbHead } from './database-header.ts';
import { freezeDatabase, type DuckDbSnapshot } from './freeze-database.ts';
import { DatabaseStore } from './database-store.ts';

/** DuckDB databases, recognised by the four letters behind the first checksum. */
export const duckdbSourceKind: SourceKind = {
  kind: 'duckdb',
  accepts: async (_path, head) => isDuckDbHead(head),
  freeze: async (path, options) => freezeDatabase(path, await realpath(path), options),
  attach,
  checkUnchanged: (snapshot) => checkFileUnchanged(snapshot as DuckDbSnapshot, headerBytes),
};

async function attach(snapshot: SourceSnapshot): Promise<DuckDbSource> {
  const { path, location, capabilities, scratch } = snapshot as DuckDbSnapshot;
  const database = await openDuckDb({ path, scratch, context: { path: location } });
  return new DuckDbSource(new DatabaseStore(database), capabilities, location);
}
