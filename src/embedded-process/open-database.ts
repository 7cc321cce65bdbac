import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { MigrationError } from '../core/errors.ts';
import { sessionSettingsQuery } from '../core/target/session-settings.ts';
import { valueParsers } from '../core/target/value-parsers.ts';

/**
 * Opens, or first creates, the database in `directory` and makes its one session's settings explicit. `spoolFolder` becomes /spool inside.
 * Throws `embedded-not-started`.
 */
export async function openDatabase(directory: string, spoolFolder: string): Promise<PGlite> {
  try {
    const creating = prepareDirectory(directory);
    const database = await PGlite.create(directory, { extensions: { vector }, relaxedDurability: false });
    if (creating !== null) rmSync(creating);
    useTextValues(database);
    mountSpool(database, spoolFolder);
    await database.exec(sessionSettingsQuery);
    // An HNSW graph that does not fit is built on disk, many times slower; this session is the only one, so the memory is its own.
    await database.exec("SET maintenance_work_mem = '256MB'");
    return database;
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw new MigrationError('embedded-not-started', { context: { directory, detail: reasonOf(error) }, cause: error });
  }
}

/** Makes the directory. Gives the mark that stands beside it until its database is complete, null when it was complete before. */
function prepareDirectory(directory: string): string | null {
  const mark = `${directory}.creating`;
  // A creation that was cut off left files that look like a database and are none. The mark is only set for an empty directory.
  if (existsSync(mark) && looksLikeDatabase(directory)) rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (existsSync(join(directory, 'PG_VERSION'))) return null;
  if (readdirSync(directory).length > 0) {
    throw new MigrationError('embedded-not-started', { context: { directory, detail: 'it holds files that are no PostgreSQL database' } });
  }
  writeFileSync(mark, '');
  return mark;
}

/** Nobody's folder is deleted because a file with the name of our mark lies beside it. */
function looksLikeDatabase(directory: string): boolean {
  if (!existsSync(directory)) return false;
  return readdirSync(directory).every((name) =>
    /^(PG_VERSION|base|global|pg_\w+|pg_(hba|ident)\.conf|postgresql(\.auto)?\.conf|postmaster\.\w+)$/.test(name),
  );
}

/** Parameters arrive as text and results leave as the other driver gives them; PGlite's own conversions would round and reinterpret. */
function useTextValues(database: PGlite): void {
  const text = (value: string): string => value;
  const defaults = Object.fromEntries(Object.keys(database.parsers).map((oid) => [oid, text]));
  database.parsers = { ...defaults, ...valueParsers };
  database.serializers = {};
}

function mountSpool(database: PGlite, folder: string): void {
  const files = database.Module.FS as unknown as {
    mkdir(path: string): void;
    mount(type: unknown, options: { root: string }, path: string): void;
    readonly filesystems: { readonly NODEFS: unknown };
  };
  files.mkdir('/spool');
  files.mount(files.filesystems.NODEFS, { root: folder }, '/spool');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
