import { stat } from 'node:fs/promises';
import { MigrationError } from '../../errors.ts';
import { DuckDbSource } from '../shared/duckdb/duckdb-source.ts';
import { openDuckDb } from '../shared/duckdb/open-duckdb.ts';
import { namingDuckDbErrors } from '../shared/duckdb/duckdb-errors.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { readIdentity, type FileIdentity } from '../shared/file-identity.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { SourceSnapshot } from '../source.ts';
import { FilesStore } from './files-store.ts';
import { identityBytes, parquetFilesIn, readTail } from './parquet-files.ts';

export interface ParquetSnapshot extends SourceSnapshot {
  readonly files: readonly { readonly path: string; readonly identity: FileIdentity }[];
  /** Folder for what does not fit into memory. */
  readonly scratch: string;
}

/**
 * Freezes Parquet files, which are read in place, after looking at every footer. `path` is absolute and has no links.
 * Throws `encrypted-store`, `truncated-store`, `corrupt-store`, `source-read-failed` or `cancelled`.
 */
export async function freezeFiles(
  location: string,
  path: string,
  { scratch, signal }: { readonly scratch: string; readonly signal: AbortSignal },
): Promise<ParquetSnapshot> {
  throwIfCancelled(signal);
  const paths = (await stat(path)).isDirectory() ? await parquetFilesIn(path) : [path];
  for (const file of paths) await requireWhole(file);
  const files = await Promise.all(paths.map(async (file) => ({ path: file, identity: await readIdentity(file, identityBytes) })));
  await requireReadable(location, path, paths, scratch);
  const fingerprint = await fingerprintFiles(paths, signal);
  return {
    kind: 'parquet',
    location,
    path,
    fingerprint,
    temporary: false,
    capabilities: { sql: true, ranges: true, backup: true },
    size: files.reduce((sum, { identity }) => sum + identity.size, 0),
    measured: {},
    files,
    scratch,
  };
}

export async function attachFiles(snapshot: SourceSnapshot): Promise<DuckDbSource> {
  const { files, location, path, capabilities, scratch } = snapshot as ParquetSnapshot;
  const paths = files.map((file) => file.path);
  const database = await openDuckDb({ path: null, scratch, files: paths, context: { path: location } });
  return new DuckDbSource(new FilesStore(database, path, paths), capabilities, location);
}

async function requireWhole(path: string): Promise<void> {
  const tail = await readTail(path);
  if (tail === 'encrypted')
    throw new MigrationError('encrypted-store', {
      context: {
        path,
        detail: 'its footer is encrypted',
        hint: 'Write it again without encryption with the program that has its keys, then name that file.',
      },
    });
  if (tail === 'cut')
    throw new MigrationError('corrupt-store', {
      context: { path, detail: 'it is cut off: it does not end as a Parquet file does', hint: 'Copy or write it again.' },
    });
}

/** Footers and types, before anything is created in the target. */
async function requireReadable(location: string, path: string, paths: readonly string[], scratch: string): Promise<void> {
  const database = await openDuckDb({ path: null, scratch, files: paths, context: { path: location } });
  try {
    await namingDuckDbErrors({ path: location }, () => new FilesStore(database, path, paths).introspect());
  } finally {
    await database.close();
  }
}
