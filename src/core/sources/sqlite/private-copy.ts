import { chmod, constants, copyFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MigrationError } from '../../errors.ts';
import { copySettled, inCopyFolder, requireRoom, snapshotFailed } from '../shared/copy-settled.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { readIdentity } from '../shared/file-identity.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import { openForReading, openForRecovery, type Connection } from '../shared/sqlite/connection.ts';
import { headerBytes, parseHeader } from './database-header.ts';
import { pendingFiles, sqliteCompanions } from './pending-files.ts';
import { namingErrors } from '../shared/sqlite/sqlite-errors.ts';

export interface PrivateCopy {
  readonly path: string;
  readonly fingerprint: string;
}

/**
 * Copies a database with its pending -wal or -journal into a folder of its own under `scratch` (both closed to other users) and folds them
 * into the copy. The original is only read: in rollback-journal mode under SQLite's own lock for readers, which writers wait for; with a -wal by copying
 * until both are the same, or by SQLite's own backup where a writer never lets that settle.
 * Throws `no-space`, `snapshot-failed`, `cancelled` or a diagnosis of the store.
 */
export async function makePrivateCopy(original: string, scratch: string, signal: AbortSignal): Promise<PrivateCopy> {
  await requireRoom(original, scratch, sqliteCompanions);
  return inCopyFolder(original, scratch, 'sqlite-', async (folder) => {
    const path = join(folder, 'copy.sqlite');
    const fingerprint =
      (await copyLocked(original, path, signal)) ??
      (await copySettled(original, path, sqliteCompanions, signal)) ??
      (await backUp(original, path, signal));
    foldPending(path, original);
    return { path, fingerprint };
  });
}

/**
 * Copies the bytes of a database in rollback-journal mode while a read transaction keeps its file as it is: who writes waits with its commit, and what it
 * has not committed is not in the file. null: a -wal holds changes, a killed program left a journal to roll back, or the file changed all the same.
 */
async function copyLocked(original: string, path: string, signal: AbortSignal): Promise<string | null> {
  throwIfCancelled(signal);
  // The driver would open a name without the spaces at its end.
  if (original !== original.trim() || (await needsLog(original))) return null;
  const connection = lockForReading(original);
  if (connection === null) return null;
  try {
    const before = await stat(original, { bigint: true });
    // Closing the file ends SQLite's lock with it, so nothing may open it before.
    await copyFile(original, path, constants.COPYFILE_FICLONE);
    const after = await stat(original, { bigint: true });
    await chmod(path, 0o600);
    if (before.mtimeNs !== after.mtimeNs || before.size !== after.size || before.ino !== after.ino) return null;
  } catch (error) {
    throw snapshotFailed(original, error);
  } finally {
    connection.close();
  }
  return fingerprintFiles([path], signal);
}

async function needsLog(path: string): Promise<boolean> {
  const { header } = await readIdentity(path, headerBytes);
  return parseHeader(Buffer.from(header, 'hex')).wal || (await pendingFiles(path)).includes('-wal');
}

/** null: there is a journal that only a writer may roll back. Throws `source-locked` when a writer does not let readers in. */
function lockForReading(path: string): Connection | null {
  let connection: Connection | null = null;
  try {
    const opened = (connection = openForReading(path));
    namingErrors({ path }, () => {
      opened.exec('BEGIN');
      opened.prepare('SELECT count(*) FROM sqlite_schema').get();
    });
    return opened;
  } catch (error) {
    connection?.close();
    if (error instanceof MigrationError && error.code === 'source-locked') throw error;
    return null;
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
