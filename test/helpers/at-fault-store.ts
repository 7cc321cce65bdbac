import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { postgresTarget, type CliTarget } from './cli-target.ts';
import { requirePostgres } from './postgres.ts';

/** For the top of a suite: a PostgreSQL target and a throw-away folder with a SQLite store `store.db` made by SQL; `use` is told them before the first test. */
export function atFaultStore(sql: string, use: (setting: { readonly target: CliTarget; readonly folder: string }) => void): void {
  let target: CliTarget | undefined;
  let folder: string | undefined;

  before(async function () {
    target = await postgresTarget(await requirePostgres(this));
    folder = mkdtempSync(join(tmpdir(), 'sluice-fault-'));
    const store = new Database(join(folder, 'store.db'));
    store.exec(sql);
    store.close();
    use({ target, folder });
  });

  after(async () => {
    await target?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });
}
