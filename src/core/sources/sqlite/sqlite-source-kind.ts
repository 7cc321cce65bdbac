import { realpath, rm } from 'node:fs/promises';
import { MigrationError } from '../../errors.ts';
import type { SourceBackup, SourceKind, SourceSnapshot } from '../source.ts';
import { backUpDatabase } from './back-up-database.ts';
import { openForReading } from './connection.ts';
import { headerBytes, isSqliteHead } from './database-header.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { readIdentity, sameIdentity } from '../shared/file-identity.ts';
import { freezeDatabase } from './freeze-database.ts';
import { SqliteSource } from './sqlite-source.ts';
import type { SqliteSnapshot } from './sqlite-snapshot.ts';

/** SQLite databases, recognised by the sixteen bytes that each begins with. */
export const sqliteSourceKind: SourceKind = {
  kind: 'sqlite',
  accepts: async (_path, head) => isSqliteHead(head),
  freeze: async (path, options) => freezeDatabase(path, await realpath(path), options),
  attach: async (snapshot) => new SqliteSource(openForReading(snapshot.path), snapshot as SqliteSnapshot),
  checkUnchanged: (snapshot) => checkUnchanged(snapshot as SqliteSnapshot),
  backUp: backUpUnchanged,
};

/** A store that is read in place may have been written to meanwhile: then the copy is whole, but of another state than the run would load. */
async function backUpUnchanged(snapshot: SourceSnapshot, path: string, signal: AbortSignal): Promise<SourceBackup> {
  const backup = await backUpDatabase(snapshot, path, signal);
  try {
    await checkUnchanged(snapshot as SqliteSnapshot);
    return backup;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** The hash is computed only when size, time or header differ: a file that was merely touched has not changed. */
async function checkUnchanged(snapshot: SqliteSnapshot): Promise<void> {
  const changed = (cause?: unknown): MigrationError =>
    new MigrationError('source-changed', { context: { path: snapshot.location }, cause });
  const identity = await readIdentity(snapshot.path, headerBytes).catch((error: unknown) => {
    throw changed(error);
  });
  if (sameIdentity(identity, snapshot.identity)) return;
  if (snapshot.temporary || (await fingerprintFiles([snapshot.path])) !== snapshot.fingerprint) throw changed();
}
