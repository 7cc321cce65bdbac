import { realpath, rm } from 'node:fs/promises';
import { checkFileUnchanged, type FileSnapshot } from '../shared/file-snapshot.ts';
import type { SourceBackup, SourceKind, SourceSnapshot } from '../source.ts';
import { backUpDatabase } from './back-up-database.ts';
import { openForReading } from '../shared/sqlite/connection.ts';
import { headerBytes, isSqliteHead } from './database-header.ts';
import { freezeDatabase } from './freeze-database.ts';
import { SqliteSource } from './sqlite-source.ts';

/** SQLite databases, recognised by the sixteen bytes that each begins with. */
export const sqliteSourceKind: SourceKind = {
  kind: 'sqlite',
  accepts: async (_path, head) => isSqliteHead(head),
  freeze: async (path, options) => freezeDatabase(path, await realpath(path), options),
  attach: async (snapshot) => new SqliteSource(openForReading(snapshot.path), snapshot),
  checkUnchanged,
  backUp: backUpUnchanged,
};

/** The header counts every transaction of a database in rollback-journal mode. */
function checkUnchanged(snapshot: SourceSnapshot): Promise<void> {
  return checkFileUnchanged(snapshot as FileSnapshot, headerBytes);
}

/** A store that is read in place may have been written to meanwhile: then the copy is whole, but of another state than the run would load. */
async function backUpUnchanged(snapshot: SourceSnapshot, path: string, signal: AbortSignal): Promise<SourceBackup> {
  const backup = await backUpDatabase(snapshot, path, signal);
  try {
    await checkUnchanged(snapshot);
    return backup;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
