import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export const millionTable = 'readings';

// Part of the cache folder's name: raise it when rows change.
const version = 1;

/** A store with `rows` rows (about 130 bytes each) in one table, from the cache under the temporary folder or made now. */
export function millionRows(rows: number): string {
  const folder = join(tmpdir(), `sluice-bench-editor-v${version}`);
  const path = join(folder, `rows-${rows}.db`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${path}.unfinished`;
  rmSync(unfinished, { force: true });
  const store = new Database(unfinished);
  store.exec(`
    PRAGMA journal_mode = OFF;
    CREATE TABLE ${millionTable} (
      id INTEGER PRIMARY KEY, device TEXT NOT NULL, ratio REAL, count INTEGER, active BOOLEAN, at DATETIME, note TEXT);
    WITH RECURSIVE number(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM number WHERE id < ${rows})
    INSERT INTO ${millionTable}
    SELECT id, printf('device %04d', id * 7919 % 1000), (id * 31 % 1000) / 1000.0, id * 17 % 101 - 50, id % 3 = 0,
      datetime(1600000000 + id * 61, 'unixepoch'),
      CASE WHEN id % 10 = 0 THEN NULL ELSE printf('note %d: water has been running down the road since %d', id, id * 13 % 2400) END
    FROM number;
    PRAGMA journal_mode = DELETE;`);
  store.close();
  renameSync(unfinished, path);
  return path;
}
