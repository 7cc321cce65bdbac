import { backUpFiles, filesOfSet } from '../shared/back-up-files.ts';
import { checkFilesUnchanged } from '../shared/files/frozen-files.ts';
import { fileSetOf } from '../shared/files/file-set.ts';
import { loadDriver } from '../shared/load-driver.ts';
import type { FreezeOptions, SourceKind, SourceSnapshot } from '../source.ts';
import type { StoreLocation } from '../../model/store-location.ts';
import type { ParquetSnapshot } from './freeze-files.ts';
import { identityBytes, isParquetHead, parquetFiles } from './parquet-files.ts';

/** Parquet: one file, recognised by the four letters that it begins with, or several such files that are one table. */
export const parquetSourceKind: SourceKind = {
  kind: 'parquet',
  accepts: async (_path, head) => isParquetHead(head),
  freeze,
  freezeFiles: freeze,
  attach: async (snapshot) => (await loadDriver(() => import('./freeze-files.ts'))).attachFiles(snapshot),
  checkUnchanged: async (snapshot) => {
    const { set, files } = snapshot as ParquetSnapshot;
    await checkFilesUnchanged(set, files, identityBytes, async () => (await fileSetOf(set.location, parquetFiles)).files);
  },
  backUp: (snapshot, path, signal) => backUpFiles(snapshot, filesOfSet(snapshot as ParquetSnapshot), path, signal),
};

async function freeze(location: StoreLocation, options: FreezeOptions): Promise<SourceSnapshot> {
  const { freezeFiles } = await loadDriver(() => import('./freeze-files.ts'));
  return freezeFiles(location, options);
}
