import { readFileSync } from 'node:fs';

/** A part that is native or WebAssembly, and whether it works here. */
export interface NativePart {
  readonly name: string;
  /** null when it cannot be found out. */
  readonly version: string | null;
  /** null when it loads. */
  readonly problem: string | null;
}

export async function checkNatives(): Promise<NativePart[]> {
  return [await checkSqlite(), await checkDuckDb(), checkPackage('@electric-sql/pglite'), checkPackage('@electric-sql/pglite-pgvector')];
}

/** Loads the addon for real: a wrong binary shows only then. */
async function checkSqlite(): Promise<NativePart> {
  const name = 'better-sqlite3';
  try {
    const { default: Database } = await import('better-sqlite3');
    const database = new Database(':memory:');
    const sqlite = database.prepare('SELECT sqlite_version()').pluck().get();
    database.close();
    return { name, version: `${packageVersion(name) ?? '?'} (SQLite ${String(sqlite)})`, problem: null };
  } catch (error) {
    return { name, version: packageVersion(name), problem: error instanceof Error ? error.message : String(error) };
  }
}

async function checkDuckDb(): Promise<NativePart> {
  const name = '@duckdb/node-api';
  try {
    const { version } = await import('@duckdb/node-api');
    return { name, version: `${packageVersion(name) ?? '?'} (DuckDB ${version()})`, problem: null };
  } catch (error) {
    return {
      name,
      version: packageVersion(name),
      problem: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error),
    };
  }
}

/** Only a process of its own may start PGlite; here its files must be there. */
function checkPackage(name: string): NativePart {
  const version = packageVersion(name);
  return { name, version, problem: version === null ? 'not installed' : null };
}

/** Walks up from the package's entry to its package.json, which packages need not export. */
function packageVersion(name: string): string | null {
  try {
    for (let folder = new URL('.', import.meta.resolve(name)); folder.pathname !== '/'; folder = new URL('..', folder)) {
      const found = readPackage(new URL('package.json', folder));
      if (found?.name === name) return found.version ?? null;
    }
  } catch {
    // Not installed: import.meta.resolve throws.
  }
  return null;
}

function readPackage(file: URL): { name?: string; version?: string } | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
  } catch {
    return null;
  }
}
