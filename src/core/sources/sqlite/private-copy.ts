import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copySettled, requireRoom, snapshotFailed } from '../shared/copy-settled.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { openForReading, openForRecovery } from './connection.ts';
import { sqliteCompanions } from './pending-files.ts';
import { namingErrors } from './sqlite-errors.ts';

export interface PrivateCopy {
  readonly path: string;
  readonly fingerprint: string;
}

/**
 * Copies a database with its pending -wal or -journal into a folder of its own under `scratch` (both closed to other users) and folds them
 * into the copy. The original is only read, unless a writer never lets a copy settle: then SQLite's own backup is used.
 * Throws `no-space`, `snapshot-failed`, `cancelled` or a diagnosis of the store.
 */
export async function makePrivateCopy(original: string, scratch: string, signal: AbortSignal): Promise<PrivateCopy> {
  await requireRoom(original, scratch, sqliteCompanions);
  const folder = await mkdtemp(join(scratch, 'sqlite-')).catch((cause: unknown) => {
    throw snapshotFailed(original, cause);
  });
  try {
    const path = join(folder, 'copy.sqlite');
    const fingerprint = (await copySettled(original, path, sqliteCompanions, signal)) ?? (await backUp(original, path, signal));
    foldPending(path, original);
    return { path, fingerprint };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A consistent copy while a program writes: one step under a read lock. It may touch the -shm file that the writer keeps. */
async function backUp(original: string, path: string, signal: AbortSignal): Promise<string> {
  for (const suffix of ['', ...sqliteCompanions.suffixes]) await rm(path + suffix, { force: true });
  const connection = openForReading(original);
  try {
    await connection.backup(path, { progress: () => Number.MAX_SAFE_INTEGER });
    await chmod(path, 0o600);
  } catch (error) {
    throw snapshotFailed(original, error);
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
