import { MigrationError } from '../../errors.ts';
import { locationText, type StoreLocation } from '../../model/store-location.ts';
import { DuckDbSource } from '../shared/duckdb/duckdb-source.ts';
import { openDuckDb } from '../shared/duckdb/open-duckdb.ts';
import { namingDuckDbErrors } from '../shared/duckdb/duckdb-errors.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { readIdentity, type FileIdentity } from '../shared/file-identity.ts';
import { fileSetOf, type FileSet } from '../shared/files/file-set.ts';
import { fingerprintSet, type FrozenFile } from '../shared/files/frozen-files.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { SourceSnapshot } from '../source.ts';
import { FilesStore } from './files-store.ts';
import { describeFiles, identityBytes, parquetFiles, readTail } from './parquet-files.ts';

export interface ParquetSnapshot extends SourceSnapshot {
  readonly set: Pick<FileSet, 'location' | 'single'>;
  readonly files: readonly FrozenFile[];
  /** Name of the table. */
  readonly table: string;
  readonly notes: readonly string[];
  /** Folder for what does not fit into memory. */
  readonly scratch: string;
}

/**
 * Freezes Parquet files, which are read in place, after looking at every footer. Throws `encrypted-store`, `truncated-store`, `corrupt-store`,
 * `source-read-failed`, `cancelled`, and what finding the files throws.
 */
export async function freezeFiles(
  location: StoreLocation,
  { scratch, signal }: { readonly scratch: string; readonly signal: AbortSignal },
): Promise<ParquetSnapshot> {
  throwIfCancelled(signal);
  const set = await fileSetOf(location, parquetFiles);
  for (const { path } of set.files) await requireWhole(path);
  const identities: FileIdentity[] = [];
  for (const { path } of set.files) identities.push(await readIdentity(path, identityBytes));
  const text = locationText(location);
  const store = { location: text, table: set.name, notes: describeFiles(set), scratch };
  await requireReadable(
    store,
    set.files.map(({ path }) => path),
  );
  const files: FrozenFile[] = [];
  for (const [i, file] of set.files.entries())
    files.push({ ...file, read: file.path, identity: identities[i]!, fingerprint: await fingerprintFiles([file.path], signal) });
  return {
    ...store,
    kind: 'parquet',
    ...(typeof location !== 'string' && { paths: location }),
    ...(!set.single && { folder: { root: set.root, name: set.name } }),
    path: set.single ? (files[0]?.path ?? set.root) : set.root,
    fingerprint: fingerprintSet(set, files),
    temporary: false,
    capabilities: { sql: true, ranges: true, backup: true, groups: false },
    size: files.reduce((sum, { identity }) => sum + identity.size, 0),
    measured: {},
    set: { location, single: set.single },
    files,
  };
}

export async function attachFiles(snapshot: SourceSnapshot): Promise<DuckDbSource> {
  const { files, location, table, notes, capabilities, scratch } = snapshot as ParquetSnapshot;
  const paths = files.map((file) => file.path);
  const database = await openDuckDb({ path: null, scratch, files: paths, context: { path: location } });
  return new DuckDbSource(new FilesStore(database, table, paths, notes), capabilities, location);
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
async function requireReadable(
  { location, table, notes, scratch }: Pick<ParquetSnapshot, 'location' | 'table' | 'notes' | 'scratch'>,
  paths: readonly string[],
): Promise<void> {
  const database = await openDuckDb({ path: null, scratch, files: paths, context: { path: location } });
  try {
    await namingDuckDbErrors({ path: location }, () => new FilesStore(database, table, paths, notes).introspect());
  } finally {
    await database.close();
  }
}
