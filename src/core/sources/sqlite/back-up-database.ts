import { open, rm, stat } from 'node:fs/promises';
import { MigrationError } from '../../errors.ts';
import { plural } from '../../model/plural.ts';
import { backupFailed } from '../shared/backup-failed.ts';
import { flushFile, publishFile } from '../shared/publish-file.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { SourceBackup, SourceSnapshot } from '../source.ts';
import { openForReading, type Connection } from '../shared/sqlite/connection.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { countRows } from './introspect-table.ts';
import { quoteName } from '../shared/quote-name.ts';

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
    throw backupFailed(snapshot, path, error);
  }
  try {
    await copyPages(snapshot.path, partial, signal);
    await flushFile(partial);
    const rows = compare(snapshot.path, partial);
    throwIfCancelled(signal);
    const sha256 = (await fingerprintFiles([partial], signal)).replace('sha256:', '');
    const { size } = await stat(partial);
    await publishFile(partial, path);
    return { path, bytes: size, sha256, rows };
  } catch (error) {
    throwIfCancelled(signal);
    throw backupFailed(snapshot, path, error);
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
      if (there !== here) throw damaged(`table ${table} has ${plural(here, 'row')} instead of ${there}`);
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

function damaged(detail: string): MigrationError {
  return new MigrationError('corrupt-store', { context: { path: 'the copy', detail } });
}
