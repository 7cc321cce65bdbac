import { chmod, mkdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MigrationError } from '../../errors.ts';
import { copyFilesSettled, inCopyFolder } from '../shared/copy-settled.ts';
import { readIdentity } from '../shared/file-identity.ts';
import { freeBytes } from '../shared/free-bytes.ts';
import { namingErrors } from '../shared/sqlite/sqlite-errors.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { FreezeOptions } from '../source.ts';
import { translateGraph, type Watch } from './graph/translate-graph.ts';
import { atCopy, filesToCopy, type JacFiles } from './jac-files.ts';
import type { JacSnapshot } from './jac-snapshot.ts';
import { measureTables } from './measure-tables.ts';
import { openAnchors } from './open-anchors.ts';
import { recogniseJac } from './recognise.ts';
import { readUsers } from './users.ts';

/** Bytes of our database that tell whether it is still what it was. */
export const identityBytes = 100;

/**
 * Freezes a store: its files are copied into a folder of its own below `scratch`, closed to other users, and translated there into an SQLite database,
 * which is what is read from then on; the copy goes again. Throws `unknown-store`, `no-space`, `snapshot-failed`, `invalid-source-setting`, `cancelled` or a
 * diagnosis of the store.
 */
export async function freezeStore(location: string, { scratch, signal, settings = {}, onRecords }: FreezeOptions): Promise<JacSnapshot> {
  throwIfCancelled(signal);
  const [setting] = Object.keys(settings);
  if (setting !== undefined)
    throw new MigrationError('invalid-source-setting', { context: { path: location, setting, detail: 'a Jac store has no settings' } });
  const files = recogniseJac(location);
  if (files === null) throw new MigrationError('unknown-store', { context: { path: location, kinds: 'jac' } });
  await requireRoom(location, scratch, filesOfRecords(files));
  return inCopyFolder(location, scratch, 'jac-', async (folder) => {
    const copy = join(folder, 'store');
    const frozen = await copyStore(location, files, copy, signal);
    const path = join(folder, 'graph.sqlite');
    const tables = await translate(location, { ...atCopy(files, copy), users: files.users }, path, { signal, onRecords });
    await rm(copy, { recursive: true });
    await chmod(path, 0o600);
    return {
      kind: 'jac',
      location,
      path,
      fingerprint: frozen.fingerprint,
      temporary: true,
      capabilities: { sql: true, ranges: true, backup: true, groups: false },
      size: frozen.size,
      measured: measureTables(path, tables),
      identity: await readIdentity(path, identityBytes),
      files: frozen.files,
      tables,
    };
  });
}

/**
 * The files that have records. The list of users that a server keeps beside them is none: it changes whenever somebody logs in, holds passwords, and is
 * never copied.
 */
function filesOfRecords(files: JacFiles): readonly string[] {
  return filesToCopy({ ...files, users: null });
}

async function translate(location: string, files: JacFiles, path: string, watch: Watch): Promise<JacSnapshot['tables']> {
  const reader = openAnchors(files);
  try {
    return await translateGraph(reader, readUsers(files), path, watch);
  } catch (error) {
    // What SQLite says of our own database: the disk is full, or a class has more fields than a table has columns.
    return namingErrors({ path: location }, () => {
      throw error;
    });
  } finally {
    reader.close();
  }
}

interface Frozen {
  readonly files: readonly string[];
  readonly fingerprint: string;
  readonly size: number;
}

/** Throws `snapshot-failed` when the store is never the same twice. */
async function copyStore(location: string, store: JacFiles, folder: string, signal: AbortSignal): Promise<Frozen> {
  const found = await copyFilesSettled(location, {
    files: () => Promise.resolve(filesOfRecords(store).map((from) => ({ from, to: join(folder, basename(from)) }))),
    clear: async () => {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { mode: 0o700 });
    },
    signal,
  });
  if (found === null)
    throw new MigrationError('snapshot-failed', { context: { path: location, detail: 'a program writes to it all the time' } });
  const { fingerprint, files } = found;
  return { files: files.map(({ from }) => from), fingerprint, size: await sumOfSizes(files.map(({ to }) => to)) };
}

/** The copy and the tables made of it; a table takes about as much as the records, and so does the list of all records. Throws `no-space`. */
async function requireRoom(location: string, scratch: string, files: readonly string[]): Promise<void> {
  const needed = 3 * (await sumOfSizes(files));
  const free = await freeBytes(scratch);
  if (free !== null && free < needed)
    throw new MigrationError('no-space', { context: { what: `The private copy of ${location}`, path: scratch, needed, free } });
}

async function sumOfSizes(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
