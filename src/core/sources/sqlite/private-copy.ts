import { chmod, constants, copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MigrationError, toMigrationError } from '../../errors.ts';
import { freeBytes } from '../shared/free-bytes.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import { openForReading, openForRecovery } from './connection.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { pendingFiles } from './pending-files.ts';
import { namingErrors } from './sqlite-errors.ts';

export interface PrivateCopy {
  readonly path: string;
  readonly fingerprint: string;
}

const attempts = 3;

/**
 * Copies a database with its pending -wal or -journal into a folder of its own under `scratch` (both closed to other users) and folds them
 * into the copy. The original is only read, unless a writer never lets a copy settle: then SQLite's own backup is used.
 * Throws `no-space`, `snapshot-failed`, `cancelled` or a diagnosis of the store.
 */
export async function makePrivateCopy(original: string, scratch: string, signal: AbortSignal): Promise<PrivateCopy> {
  await requireRoom(original, scratch);
  const folder = await mkdtemp(join(scratch, 'sqlite-')).catch((cause) => failed(original, cause));
  try {
    const path = join(folder, 'copy.sqlite');
    const fingerprint = (await copySettled(original, path, signal)) ?? (await backUp(original, path, signal));
    foldPending(path, original);
    return { path, fingerprint };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Told before anything is copied: a full disk for temporary files troubles everybody. */
async function requireRoom(original: string, scratch: string): Promise<void> {
  const files = ['', ...(await pendingFiles(original))].map((suffix) => stat(original + suffix).catch(() => null));
  const needed = (await Promise.all(files)).reduce((sum, file) => sum + (file?.size ?? 0), 0);
  const free = await freeBytes(scratch);
  if (free !== null && free < needed)
    throw new MigrationError('no-space', { context: { what: `The private copy of ${original}`, path: scratch, needed, free } });
}

/** null: the files moved under the copy each time. */
async function copySettled(original: string, path: string, signal: AbortSignal): Promise<string | null> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    throwIfCancelled(signal);
    const fingerprint = await copyOnce(original, path, signal);
    if (fingerprint !== null) return fingerprint;
  }
  return null;
}

/** The bytes of copy and original are compared afterwards: each was the same at two moments, so the copy is one state that really was. */
async function copyOnce(original: string, path: string, signal: AbortSignal): Promise<string | null> {
  const suffixes = ['', ...(await pendingFiles(original))];
  for (const suffix of ['', '-wal', '-journal']) await rm(path + suffix, { force: true });
  try {
    for (const suffix of suffixes) {
      await copyFile(original + suffix, path + suffix, constants.COPYFILE_FICLONE);
      await chmod(path + suffix, 0o600);
    }
    const copied = await fingerprintFiles(
      suffixes.map((suffix) => path + suffix),
      signal,
    );
    const now = ['', ...(await pendingFiles(original))];
    return now.join() === suffixes.join() &&
      copied ===
        (await fingerprintFiles(
          suffixes.map((suffix) => original + suffix),
          signal,
        ))
      ? copied
      : null;
  } catch (error) {
    throwIfCancelled(signal);
    if (isMissing(error) && suffixes.length > 1) return null;
    return failed(original, error);
  }
}

/** A consistent copy while a program writes: one step under a read lock. It may touch the -shm file that the writer keeps. */
async function backUp(original: string, path: string, signal: AbortSignal): Promise<string> {
  for (const suffix of ['', '-wal', '-journal']) await rm(path + suffix, { force: true });
  const connection = openForReading(original);
  try {
    await connection.backup(path, { progress: () => Number.MAX_SAFE_INTEGER });
    await chmod(path, 0o600);
  } catch (error) {
    return failed(original, error);
  } finally {
    connection.close();
  }
  return fingerprintFiles([path], signal);
}

/** Lets SQLite play back -wal or -journal and leaves one file that needs neither. */
function foldPending(path: string, original: string): void {
  const connection = openForRecovery(path);
  try {
    namingErrors({ path: original }, () => {
      connection.pragma('synchronous = off');
      connection.pragma('journal_mode = delete');
    });
  } finally {
    connection.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function failed(original: string, cause: unknown): never {
  throw new MigrationError('snapshot-failed', {
    context: { path: original, detail: toMigrationError(cause).context.detail ?? String(cause) },
    cause,
  });
}
