import { chmod, constants, copyFile, link, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MigrationError, toMigrationError } from '../../errors.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { SourceBackup, SourceSnapshot } from '../source.ts';
import { openForReading, type Connection } from './connection.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { countRows } from './introspect-table.ts';
import { quoteName } from './quote-name.ts';

/** Between steps a cancel is heard. */
const pagesAtOnce = 4_096;

/**
 * Copies a frozen database to `path` with SQLite's own backup, under another name until the copy is on the disk and was compared: SQLite's check of
 * all its pages and keys says of it what it says of the original, and every table has as many rows. Never replaces a file.
 * Throws `backup-failed` or `cancelled`.
 */
export async function backUpDatabase(snapshot: SourceSnapshot, path: string, signal: AbortSignal): Promise<SourceBackup> {
  const partial = `${path}.partial`;
  throwIfCancelled(signal);
  try {
    await (await open(partial, 'wx', 0o600)).close();
  } catch (error) {
    throw failed(snapshot, path, error);
  }
  try {
    await copyPages(snapshot.path, partial, signal);
    await flush(partial);
    const rows = compare(snapshot.path, partial);
    throwIfCancelled(signal);
    const sha256 = (await fingerprintFiles([partial], signal)).replace('sha256:', '');
    const { size } = await stat(partial);
    await publish(partial, path);
    return { path, bytes: size, sha256, rows };
  } catch (error) {
    throwIfCancelled(signal);
    throw failed(snapshot, path, error);
  } finally {
    for (const suffix of ['', '-journal']) await rm(partial + suffix, { force: true });
  }
}

async function copyPages(original: string, partial: string, signal: AbortSignal): Promise<void> {
  const connection = openForReading(original);
  try {
    await connection.backup(partial, {
      progress: () => {
        throwIfCancelled(signal);
        return pagesAtOnce;
      },
    });
  } finally {
    connection.close();
  }
}

/** Counts rows in both; gives their number. */
function compare(original: string, partial: string): number {
  const [before, after] = [openForReading(original), openForReading(partial)];
  try {
    const [expected, found] = [faultsOf(before), faultsOf(after)];
    // A store may have faults of its own (a NULL where NOT NULL is declared): the copy of it has the same.
    if (found.join('\n') !== expected.join('\n')) throw damaged(found[0] ?? 'it differs from the store');
    let rows = 0;
    for (const table of tablesOf(before)) {
      const [there, here] = [countRows(before, table), countRows(after, table)];
      if (there !== here) throw damaged(`table ${table} has ${here} rows instead of ${there}`);
      rows += there;
    }
    return rows;
  } finally {
    before.close();
    after.close();
  }
}

/** What SQLite finds wrong in a database; empty when all is well. Tables whose order only their application knows cannot be checked. */
function faultsOf(connection: Connection): readonly string[] {
  try {
    return faultsIn(connection, '');
  } catch {
    return tablesOf(connection).flatMap((table) => {
      try {
        return faultsIn(connection, `(${quoteName(table)})`);
      } catch (error) {
        return [`${table}: ${String(error)}`];
      }
    });
  }
}

function faultsIn(connection: Connection, what: string): readonly string[] {
  const lines = connection.prepare(`PRAGMA integrity_check${what}`).pluck().all() as string[];
  return lines.filter((line) => line !== 'ok');
}

/** Ordinary tables, those in which virtual ones keep their content among them. */
function tablesOf(connection: Connection): readonly string[] {
  const query = `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow') AND name <> 'sqlite_schema'`;
  return connection.prepare(query).pluck().all() as string[];
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Gives the file its name. A link never replaces a file; where there are no links, a copy that refuses to does. */
async function publish(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    await copyFile(partial, path, constants.COPYFILE_EXCL);
    await chmod(path, 0o600);
    await flush(path);
  }
  await flushFolder(dirname(path));
}

function isUnsupported(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(String(error.code));
}

/** The new name has to last as well. Some systems cannot open folders. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

function damaged(detail: string): MigrationError {
  return new MigrationError('corrupt-store', { context: { path: 'the copy', detail } });
}

function failed(snapshot: SourceSnapshot, backup: string, cause: unknown): MigrationError {
  const { context, code, message } = toMigrationError(cause);
  const detail = code === 'internal' ? (context.detail ?? message) : message;
  return new MigrationError('backup-failed', { context: { path: snapshot.location, backup, detail }, cause });
}
