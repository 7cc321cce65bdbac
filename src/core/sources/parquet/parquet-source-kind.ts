import { realpath } from 'node:fs/promises';
import { MigrationError } from '../../errors.ts';
import { DuckDbSource } from '../shared/duckdb/duckdb-source.ts';
import { openDuckDb } from '../shared/duckdb/open-duckdb.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { readIdentity, sameIdentity } from '../shared/file-identity.ts';
import type { SourceKind, SourceSnapshot } from '../source.ts';
import { freezeFiles, identityBytes, type ParquetSnapshot } from './freeze-files.ts';
import { isParquetHead, parquetFilesIn } from './parquet-files.ts';
import { FilesStore } from './files-store.ts';

/** Parquet: one file, recognised by the four letters that it begins with, or a folder of such files that are one table. */
export const parquetSourceKind: SourceKind = {
  kind: 'parquet',
  accepts: async (_path, head) => isParquetHead(head),
  acceptsFolder: async (path) => (await parquetFilesIn(path)).length > 0,
  freeze: async (path, options) => freezeFiles(path, await realpath(path), options),
  attach,
  checkUnchanged: (snapshot) => checkUnchanged(snapshot as ParquetSnapshot),
};

async function attach(snapshot: SourceSnapshot): Promise<DuckDbSource> {
  const { files, location, path, capabilities, scratch } = snapshot as ParquetSnapshot;
  const paths = files.map((file) => file.path);
  const database = await openDuckDb({ path: null, scratch, files: paths, context: { path: location } });
  return new DuckDbSource(new FilesStore(database, path, paths), capabilities, location);
}

/** The hash is computed only when size, time or beginning of a file differ: one that was merely touched has not changed. */
async function checkUnchanged({ files, location, fingerprint }: ParquetSnapshot): Promise<void> {
  const changed = (cause?: unknown): MigrationError => new MigrationError('source-changed', { context: { path: location }, cause });
  try {
    const now = await Promise.all(files.map(({ path }) => readIdentity(path, identityBytes)));
    if (now.every((identity, i) => sameIdentity(identity, files[i]!.identity))) return;
    if ((await fingerprintFiles(files.map(({ path }) => path))) === fingerprint) return;
  } catch (error) {
    throw changed(error);
  }
  throw changed();
}
