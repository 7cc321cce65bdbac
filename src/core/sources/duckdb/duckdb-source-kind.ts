import { realpath } from 'node:fs/promises';
import { checkFileUnchanged, type FileSnapshot } from '../shared/file-snapshot.ts';
import { loadDriver } from '../shared/load-driver.ts';
import type { SourceKind } from '../source.ts';
import { headerBytes, isDuckDbHead } from './database-header.ts';

/** DuckDB databases, recognised by the four letters behind the first checksum. */
export const duckdbSourceKind: SourceKind = {
  kind: 'duckdb',
  accepts: async (_path, head) => isDuckDbHead(head),
  freeze: async (path, options) => {
    const { freezeDatabase } = await loadDriver(() => import('./freeze-database.ts'));
    return freezeDatabase(path, await realpath(path), options);
  },
  attach: async (snapshot) => (await loadDriver(() => import('./database-store.ts'))).attachDatabase(snapshot),
  checkUnchanged: (snapshot) => checkFileUnchanged(snapshot as FileSnapshot, headerBytes),
};
