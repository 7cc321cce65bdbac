import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { forkTestEmbedded } from './embedded.ts';

/** Where the test command has made the database that all its processes copy. */
const variable = 'SLUICE_TEST_EMBEDDED_DATABASE';

let own: { readonly folder: string; readonly database: Promise<string> } | undefined;

/**
 * Puts a new, empty database into `directory`, where nothing may be yet; what is there stays. PGlite takes three seconds of a core to create one, a copy
 * of one that our own process has created takes a tenth of a second. Tests of the creation itself do without it.
 */
export async function layEmbeddedDatabase(directory: string): Promise<void> {
  if (existsSync(directory)) return;
  const database = await (process.env[variable] ?? (own ??= makeOwn()).database);
  // Somebody else may have been faster.
  if (existsSync(directory)) return;
  mkdirSync(dirname(directory), { recursive: true });
  cpSync(database, directory, { recursive: true });
}

/** For the test command: makes the database that is copied, below `folder`, and tells all processes that it starts. */
export async function shareEmbeddedDatabase(folder: string): Promise<void> {
  process.env[variable] = await makeDatabase(folder);
}

/** Called once by test/helpers/root-hooks.ts. */
export async function removeOwnEmbeddedDatabase(): Promise<void> {
  const made = own;
  own = undefined;
  await made?.database.catch(() => undefined);
  if (made !== undefined) rmSync(made.folder, { recursive: true, force: true });
}

function makeOwn(): { readonly folder: string; readonly database: Promise<string> } {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-database-'));
  return { folder, database: makeDatabase(folder) };
}

async function makeDatabase(folder: string): Promise<string> {
  const directory = join(folder, 'embedded', 'postgres');
  const link = await forkTestEmbedded(directory);
  await link.close();
  return directory;
}
