import { realpath } from 'node:fs/promises';
import { backUpFiles, type StoreFiles } from '../shared/back-up-files.ts';
import { pendingSuffixes } from '../shared/copy-settled.ts';
import { checkFileUnchanged, type FileSnapshot } from '../shared/file-snapshot.ts';
import { loadDriver } from '../shared/load-driver.ts';
import type { SourceKind, SourceSnapshot } from '../source.ts';
import { headerBytes, isDuckDbHead, logSuffix } from './database-header.ts';

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
  backUp: async (snapshot, path, signal) => backUpFiles(snapshot, await filesOf(snapshot), path, signal),
};

/** A private copy has the log beside it that was read with it. */
async function filesOf({ path, temporary, fingerprint }: SourceSnapshot): Promise<StoreFiles> {
  const suffixes = ['', ...(temporary ? await pendingSuffixes(path, [logSuffix]) : [])];
  return { folder: false, files: suffixes.map((suffix) => ({ path: path + suffix, place: suffix })), fingerprints: [fingerprint] };
}
