import { open, realpath, stat } from 'node:fs/promises';
import { MigrationError } from '../errors.ts';
import type { Log } from '../engine-deps.ts';
import { looksRandom } from './shared/looks-random.ts';
import { delimitedSourceKind } from './delimited/delimited-source-kind.ts';
import { duckdbSourceKind } from './duckdb/duckdb-source-kind.ts';
import { parquetSourceKind } from './parquet/parquet-source-kind.ts';
import type { FreezeOptions, Source, SourceBackup, SourceKind, SourceSnapshot } from './source.ts';
import { sqliteSourceKind } from './sqlite/sqlite-source-kind.ts';

/** Every kind of store that can be read, asked in this order. A new source is one line here. */
export const sourceKinds: readonly SourceKind[] = [sqliteSourceKind, duckdbSourceKind, parquetSourceKind, delimitedSourceKind];

const headBytes = 4_096;

/** The kind of the store at `path`, by its content. Throws `no-such-file`, `unreadable-file`, `empty-file`, `encrypted-store` or `unknown-store`. */
export async function kindOf(path: string): Promise<SourceKind> {
  const folder = await kindOfFolder(path);
  if (folder !== null) return folder;
  const { head, size } = await readHead(path);
  if (size === 0) throw new MigrationError('empty-file', { context: { path } });
  for (const kind of sourceKinds) if (await kind.accepts(path, head)) return kind;
  // Encrypted databases are whole pages of noise; other noise is an archive or a picture.
  if (size % 512 === 0 && looksRandom(head)) throw new MigrationError('encrypted-store', { context: { path } });
  throw new MigrationError('unknown-store', { context: { path, kinds: sourceKinds.map(({ kind }) => kind).join(', ') } });
}

/** Freezes the store at the absolute `path`. */
export async function freezeSource(path: string, options: FreezeOptions): Promise<SourceSnapshot> {
  return (await kindOf(path)).freeze(path, options);
}

/** Opens a frozen store in this thread. */
export async function attachSource(snapshot: SourceSnapshot, log: Log): Promise<Source> {
  return kindNamed(snapshot).attach(snapshot, log);
}

/** Throws `source-changed` when a store is no longer what was frozen. */
export async function checkSourceUnchanged(snapshot: SourceSnapshot): Promise<void> {
  await kindNamed(snapshot).checkUnchanged(snapshot);
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

/** null: it is no folder, or none of the kinds makes a store of it. */
async function kindOfFolder(path: string): Promise<SourceKind | null> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() !== true) return null;
  try {
    for (const kind of sourceKinds) if ((await kind.acceptsFolder?.(path)) === true) return kind;
    return null;
  } catch (error) {
    throw toFileError(error, path);
  }
}

async function readHead(path: string): Promise<{ head: Uint8Array; size: number }> {
  try {
    const found = await stat(await realpath(path));
    if (!found.isFile())
      throw new MigrationError('unreadable-file', {
        context: { path, detail: found.isDirectory() ? 'it is a folder' : 'it is not a regular file' },
      });
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      return { head: buffer.subarray(0, bytesRead), size: found.size };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw toFileError(error, path);
  }
}

function toFileError(error: unknown, path: string): MigrationError {
  if (error instanceof MigrationError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new MigrationError('no-such-file', { context: { path }, cause: error });
  return new MigrationError('unreadable-file', {
    context: { path, detail: error instanceof Error ? error.message : String(error) },
    cause: error,
  });
}
