import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MigrationError } from '../../errors.ts';
import type { SourceBackup, SourceSnapshot } from '../source.ts';
import { backupFailed } from './backup-failed.ts';
import { fingerprintFiles } from './file-fingerprint.ts';
import type { FileSet } from './files/file-set.ts';
import type { FrozenFile } from './files/frozen-files.ts';
import { flushFile, flushFolder, publishFile } from './publish-file.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';

/** The files of a frozen store that belong into a copy of it. */
export interface StoreFiles {
  /** The copy is a folder; else a file with perhaps others beside it. */
  readonly folder: boolean;
  /** In the order in which their bytes are hashed: an absolute path, and the place in the copy: relative to its folder, or what is put behind its name. */
  readonly files: readonly { readonly path: string; readonly place: string }[];
  /** `sha256:` and the hash of the bytes as they were frozen: of each file, or of all, one after the other. */
  readonly fingerprints: readonly string[];
}

/** The files as they were named, and not the copies that they may be read from. */
export function filesOfSet({
  set: { single },
  files,
}: {
  readonly set: Pick<FileSet, 'single'>;
  readonly files: readonly FrozenFile[];
}): StoreFiles {
  return {
    folder: !single,
    files: files.map(({ path, name }) => ({ path, place: single ? '' : name })),
    fingerprints: files.map(({ fingerprint }) => fingerprint),
  };
}

/**
 * Copies files byte for byte to `path`, under another name until all are on the disk and what was written there has the hash of what was frozen. Never
 * replaces a file. Throws `backup-failed`, `source-changed` or `cancelled`.
 */
export async function backUpFiles(snapshot: SourceSnapshot, files: StoreFiles, path: string, signal: AbortSignal): Promise<SourceBackup> {
  throwIfCancelled(signal);
  const places = placesOf(files, path);
  const copies = places.map(({ partial }) => partial);
  const made: string[] = [];
  try {
    if (files.folder) made.push(await makeFolder(`${path}.partial`));
    for (const { from, partial } of places) await copyNew(from, partial, files.folder ? null : made, signal);
    if (!(await areFrozen(copies, files, signal))) throw await whyOther(snapshot, files, signal);
    const [bytes, fingerprint] = [await sumOfSizes(copies), await fingerprintFiles(copies, signal)];
    if (files.folder) await publishFolder(`${path}.partial`, path, copies);
    else await publishAll(places);
    return { path, bytes, sha256: fingerprint.replace('sha256:', ''), rows: null };
  } catch (error) {
    throwIfCancelled(signal);
    if (error instanceof MigrationError && error.code === 'source-changed') throw error;
    throw backupFailed(snapshot, path, error);
  } finally {
    for (const partial of made) await rm(partial, { recursive: true, force: true });
  }
}

interface Place {
  readonly from: string;
  readonly partial: string;
  /** Of a file that is not in a folder of the copy. */
  readonly to: string;
}

function placesOf({ folder, files }: StoreFiles, path: string): readonly Place[] {
  return files.map(({ path: from, place }) => ({
    from,
    partial: folder ? join(`${path}.partial`, place) : `${path}${place}.partial`,
    to: folder ? join(path, place) : path + place,
  }));
}

async function makeFolder(path: string): Promise<string> {
  await mkdir(path, { mode: 0o700 });
  return path;
}

/** Closed to other users. A file that is in the way is somebody else's, and stays. */
async function copyNew(from: string, partial: string, made: string[] | null, signal: AbortSignal): Promise<void> {
  if (made === null) await mkdir(dirname(partial), { recursive: true, mode: 0o700 });
  const file = createWriteStream(partial, { flags: 'wx', mode: 0o600 });
  file.once('open', () => made?.push(partial));
  await pipeline(createReadStream(from, { highWaterMark: 1 << 20 }), file, { signal });
  await flushFile(partial);
}

async function sumOfSizes(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The first file is the store: it gets its name when those beside it have theirs. They go again when it does not. */
async function publishAll(places: readonly Place[]): Promise<void> {
  const published: string[] = [];
  try {
    for (const { partial, to } of places.toReversed()) {
      await publishFile(partial, to);
      published.push(to);
    }
  } catch (error) {
    for (const path of published) await rm(path, { force: true });
    throw error;
  }
}

/** A folder of that name that is not empty stays. */
async function publishFolder(partial: string, path: string, copies: readonly string[]): Promise<void> {
  for (const folder of new Set([...copies.map(dirname), partial])) await flushFolder(folder);
  await rename(partial, path);
  await flushFolder(dirname(path));
}

async function whyOther({ location }: SourceSnapshot, files: StoreFiles, signal: AbortSignal): Promise<MigrationError> {
  const originals = files.files.map(({ path }) => path);
  if (!(await areFrozen(originals, files, signal))) return new MigrationError('source-changed', { context: { path: location } });
  return new MigrationError('corrupt-store', { context: { path: 'the copy', detail: 'its bytes are not those of the store' } });
}

async function areFrozen(paths: readonly string[], { fingerprints }: StoreFiles, signal: AbortSignal): Promise<boolean> {
  const groups = fingerprints.length === 1 ? [paths] : paths.map((path) => [path]);
  for (const [i, group] of groups.entries()) if ((await fingerprintFiles(group, signal)) !== fingerprints[i]) return false;
  return true;
}
