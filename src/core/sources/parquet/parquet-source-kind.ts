import { realpath } from 'node:fs/promises';
import { MigrationError } from '../../errors.ts';
import { backUpFiles, filesOfFolder, type StoreFiles } from '../shared/back-up-files.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { readIdentity, sameIdentity } from '../shared/file-identity.ts';
import { loadDriver } from '../shared/load-driver.ts';
import type { SourceKind } from '../source.ts';
import type { ParquetSnapshot } from './freeze-files.ts';
import { identityBytes, isParquetHead, parquetFilesIn } from './parquet-files.ts';

/** Parquet: one file, recognised by the four letters that it begins with, or a folder of such files that are one table. */
export const parquetSourceKind: SourceKind = {
  kind: 'parquet',
  accepts: async (_path, head) => isParquetHead(head),
  acceptsFolder: async (path) => (await parquetFilesIn(path)).length > 0,
  freeze: async (path, options) => {
    const { freezeFiles } = await loadDriver(() => import('./freeze-files.ts'));
    return freezeFiles(path, await realpath(path), options);
  },
  attach: async (snapshot) => (await loadDriver(() => import('./freeze-files.ts'))).attachFiles(snapshot),
  checkUnchanged: (snapshot) => checkUnchanged(snapshot as ParquetSnapshot),
  backUp: (snapshot, path, signal) => backUpFiles(snapshot, filesOf(snapshot as ParquetSnapshot), path, signal),
};

function filesOf({ path, files, fingerprint }: ParquetSnapshot): StoreFiles {
  const paths = files.map((file) => file.path);
  return paths.length === 1 && paths[0] === path
    ? { folder: false, paths, placeOf: () => '', fingerprint }
    : filesOfFolder(path, paths, fingerprint);
}

/** The hash is computed only when size, time or beginning of a file differ: one that was merely touched has not changed. */
async function checkUnchanged({ files, location, fingerprint }: ParquetSnapshot): Promise<void> {
  const changed = (cause?: unknown): MigrationError => new MigrationError('source-changed', { context: { path: location }, cause });
  try {
    const now = await Promise.all(files.map(({ path }) => readIdentity(path, identityBytes)));
    if (now.every((identity, i) => files[i] !== undefined && sameIdentity(identity, files[i].identity))) return;
    if ((await fingerprintFiles(files.map(({ path }) => path))) === fingerprint) return;
  } catch (error) {
    throw changed(error);
  }
  throw changed();
}
