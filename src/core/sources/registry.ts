import { realpath, stat } from 'node:fs/promises';
import { MigrationError } from '../errors.ts';
import type { Log } from '../engine-deps.ts';
import type { SourceKindName } from '../model/source-kind.ts';
import { locationText, type StoreLocation } from '../model/store-location.ts';
import { findFiles, type FileSearch } from './shared/files/find-files.ts';
import { headSpace, readHead, readHeadNow } from './shared/files/read-head.ts';
import { toFileError } from './shared/files/to-file-error.ts';
import { looksRandom } from './shared/looks-random.ts';
import { fileCost, Turns } from './shared/turns.ts';
import { delimitedSourceKind } from './delimited/delimited-source-kind.ts';
import { duckdbSourceKind } from './duckdb/duckdb-source-kind.ts';
import { jacSourceKind } from './jac/jac-source-kind.ts';
import { jsonSourceKind } from './json/json-source-kind.ts';
import { parquetSourceKind } from './parquet/parquet-source-kind.ts';
import type { FreezeOptions, Source, SourceBackup, SourceKind, SourceSnapshot } from './source.ts';
import { sqliteSourceKind } from './sqlite/sqlite-source-kind.ts';

/** Every kind of store that can be read, asked in this order. A new source is one line here. */
export const sourceKinds: readonly SourceKind[] = [
  // Some of its stores are SQLite databases.
  jacSourceKind,
  sqliteSourceKind,
  duckdbSourceKind,
  parquetSourceKind,
  jsonSourceKind,
  delimitedSourceKind,
];

/**
 * The kind of the store at `location`, by its content. Throws `no-such-file`, `no-matching-files`, `unreadable-file`, `empty-file`, `encrypted-store`,
 * `mixed-files`, `unknown-store` or `cancelled`.
 */
export async function kindOf(location: StoreLocation, search: FileSearch = {}): Promise<SourceKind> {
  if (await isFile(location)) return kindOfFile(location as string);
  if (typeof location === 'string') for (const kind of sourceKinds) if ((await kind.acceptsName?.(location)) === true) return kind;
  return kindOfFiles(location, search);
}

/** Freezes the store at the absolute `location`: a file, a folder, a glob, or a list of these. */
export async function freezeSource(location: StoreLocation, options: FreezeOptions): Promise<SourceSnapshot> {
  const { signal, onFiles } = options;
  const onFound = (files: number): void => onFiles?.({ stage: 'finding', files, of: null, bytes: 0 });
  const kind = await kindOf(location, { signal, onFound }).catch((error: unknown) => kindByPlan(options.kind, error));
  if (kind.freezeFiles !== undefined) return kind.freezeFiles(location, options);
  return kind.freeze(location as string, options);
}

/** What a plan says counts where the content does not tell; a store of another kind is found out by whoever compares the two. */
function kindByPlan(name: SourceKindName | undefined, error: unknown): SourceKind {
  const planned = sourceKinds.find(({ kind, byPlan }) => kind === name && byPlan === true);
  const untold = error instanceof MigrationError && ['unknown-store', 'mixed-files', 'unreadable-file'].includes(error.code);
  if (planned === undefined || !untold) throw error;
  return planned;
}

/** Opens a frozen store in this thread. */
export async function attachSource(snapshot: SourceSnapshot, log: Log): Promise<Source> {
  return kindNamed(snapshot).attach(snapshot, log);
}

/** Throws `source-changed` when a store is no longer what was frozen, or `cancelled`. */
export async function checkSourceUnchanged(snapshot: SourceSnapshot, signal?: AbortSignal): Promise<void> {
  await kindNamed(snapshot).checkUnchanged(snapshot, signal);
}

/** Writes a frozen store to `path`, which must not exist. Throws `backup-unsupported` and whatever the kind throws. */
export async function backUpSource(snapshot: SourceSnapshot, path: string, signal: AbortSignal): Promise<SourceBackup> {
  const kind = kindNamed(snapshot);
  if (kind.backUp === undefined) throw new MigrationError('backup-unsupported', { context: { path: snapshot.location, kind: kind.kind } });
  return kind.backUp(snapshot, path, signal);
}

function kindNamed(snapshot: SourceSnapshot): SourceKind {
  const found = sourceKinds.find(({ kind }) => kind === snapshot.kind);
  if (found === undefined) throw new MigrationError('unknown-store', { context: { path: snapshot.location, kinds: snapshot.kind } });
  return found;
}

/** Something that is there and no folder. A name that nothing has may be a glob. */
async function isFile(location: StoreLocation): Promise<boolean> {
  if (typeof location !== 'string') return false;
  const found = await stat(location).catch((error: unknown) => toFileError(error, location));
  if (!(found instanceof MigrationError)) return !found.isDirectory();
  if (found.code === 'no-such-file') return false;
  throw found;
}

async function kindOfFile(path: string): Promise<SourceKind> {
  await requireRegular(path);
  const { head, size } = await readHead(path);
  if (size === 0) throw new MigrationError('empty-file', { context: { path } });
  for (const kind of sourceKinds) if (await kind.accepts(path, head)) return kind;
  // Encrypted databases are whole pages of noise; other noise is an archive or a picture.
  if (size % 512 === 0 && looksRandom(head)) throw new MigrationError('encrypted-store', { context: { path } });
  throw unknown(path);
}

/** Of two kinds whose files are one store neither is passed over: which of them is meant must be said. */
async function kindOfFiles(location: StoreLocation, search: FileSearch): Promise<SourceKind> {
  const found = new Map<SourceKind, string>();
  const turns = new Turns(search.signal);
  const space = headSpace();
  const unread: MigrationError[] = [];
  const { files } = await findFiles(location, search);
  for (const path of files) {
    const head = headOr(path, space, (error) => unread.push(error));
    if (turns.spend(fileCost)) {
      search.onFound?.(files.length);
      await turns.take();
    }
    if (head === null) continue;
    for (const kind of sourceKinds)
      if (await kind.accepts(path, head)) {
        if (kind.freezeFiles !== undefined && !found.has(kind)) found.set(kind, path);
        break;
      }
  }
  const [[kind] = [], second] = found;
  if (kind === undefined) throw unread[0] ?? (await noneOfThem(location));
  if (second === undefined) return kind;
  const detail = [...found].map(([one, path]) => `${path} (${one.kind})`).join(' and ');
  throw new MigrationError('mixed-files', { context: { path: locationText(location), detail } });
}

/** A file that cannot be opened tells nothing; the others may, and then it is met by whoever reads them. */
function headOr(path: string, space: Buffer, onError: (error: MigrationError) => void): Uint8Array | null {
  try {
    return readHeadNow(path, space).head;
  } catch (error) {
    onError(toFileError(error, path));
    return null;
  }
}

async function noneOfThem(location: StoreLocation): Promise<MigrationError> {
  const path = locationText(location);
  const kinds = sourceKinds.filter((kind) => kind.freezeFiles !== undefined).map(({ kind }) => kind);
  const isFolder = (await stat(path).catch(() => null))?.isDirectory() === true;
  return isFolder
    ? new MigrationError('unreadable-file', { context: { path, detail: `it is a folder, and none of its files is ${kinds.join(' or ')}` } })
    : unknown(path);
}

async function requireRegular(path: string): Promise<void> {
  try {
    if (!(await stat(await realpath(path))).isFile())
      throw new MigrationError('unreadable-file', { context: { path, detail: 'it is not a regular file' } });
  } catch (error) {
    throw toFileError(error, path);
  }
}

function unknown(path: string): MigrationError {
  return new MigrationError('unknown-store', { context: { path, kinds: sourceKinds.map(({ kind }) => kind).join(', ') } });
}
