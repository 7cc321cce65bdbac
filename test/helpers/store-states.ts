import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** A store as an application leaves or holds it, in a folder with nothing else. */
export interface StoreState {
  readonly folder: string;
  readonly store: string;
  /** Endings of files that may come and change because somebody writes to the store just now. */
  readonly except: readonly string[];
  /** Rows of `item` that a reader must find. */
  readonly rows: number;
  release(): Promise<void>;
}

const seed = `CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO item SELECT i, 'item ' || i, i / 8.0 FROM n;`;

/** Every state that is told apart when a store is frozen, by name. */
export const storeStates: Readonly<Record<string, () => Promise<StoreState>>> = {
  'rollback journal, nobody writes': () => made((path) => build(path, seed)),
  'write-ahead log, nothing pending': () => made((path) => build(path, `PRAGMA journal_mode = wal; ${seed}`)),
  'write-ahead log with pending rows': () => made(leavePendingLog, { rows: 501 }),
  'write-ahead log, a program has it open': liveWriter,
  'hot rollback journal': () => made(leaveHotJournal),
  'read-only file in a read-only folder': () =>
    made((path, folder) => {
      build(path, `PRAGMA journal_mode = wal; ${seed}`);
      chmodSync(path, 0o444);
      chmodSync(folder, 0o555);
    }),
};

async function made(
  make: (path: string, folder: string, aside: string) => void,
  facts: { readonly rows?: number; readonly except?: readonly string[] } = {},
): Promise<StoreState> {
  const root = mkdtempSync(join(tmpdir(), 'sluice-state-'));
  const [folder, aside] = [join(root, 'app'), join(root, 'aside')];
  for (const path of [folder, aside]) mkdirSync(path);
  const store = join(folder, 'store.db');
  make(store, folder, aside);
  const release = (): Promise<void> => {
    chmodSync(folder, 0o755);
    return Promise.resolve(rmSync(root, { recursive: true, force: true }));
  };
  return Promise.resolve({ folder, store, except: facts.except ?? [], rows: facts.rows ?? 500, release });
}

function build(path: string, sql: string): void {
  const database = new Database(path);
  database.exec(sql);
  database.close();
}

/** One row is only in the -wal, as a program leaves it that was killed. */
function leavePendingLog(path: string, _folder: string, aside: string): void {
  const origin = join(aside, 'store.db');
  const writer = new Database(origin);
  writer.exec(`PRAGMA journal_mode = wal; ${seed}`);
  writer.pragma('wal_checkpoint(TRUNCATE)');
  writer.exec(`INSERT INTO item VALUES (501, 'pending', 1)`);
  for (const suffix of ['', '-wal']) copyFileSync(origin + suffix, path + suffix);
  writer.close();
}

/** A transaction was half written when its program was killed: SQLite rolls it back when it opens the store. */
function leaveHotJournal(path: string, _folder: string, aside: string): void {
  const origin = join(aside, 'store.db');
  build(origin, seed);
  const writer = new Database(origin);
  writer.pragma('cache_size = 1');
  writer.exec(`BEGIN; UPDATE item SET name = 'unfinished'; UPDATE item SET name = name || hex(zeroblob(300))`);
  for (const suffix of ['', '-journal']) copyFileSync(origin + suffix, path + suffix);
  writer.exec('ROLLBACK');
  writer.close();
  if (!readFileSync(path).includes('unfinished')) throw new Error('the transaction did not reach the disk');
}

/** Another process holds the store open, with a committed row in the log and a transaction under way. */
async function liveWriter(): Promise<StoreState> {
  const state = await made((path) => build(path, `PRAGMA journal_mode = wal; ${seed}`), { rows: 501, except: ['-shm'] });
  const writer = spawn(process.execPath, ['-e', openWriter, state.store], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(writer.stdout, 'data');
  return {
    ...state,
    release: async () => {
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      await state.release();
    },
  };
}

const openWriter = `
  const Database = require('better-sqlite3');
  const database = new Database(process.argv[1]);
  database.pragma('wal_autocheckpoint = 0');
  database.exec("INSERT INTO item VALUES (501, 'committed', 1); BEGIN IMMEDIATE; INSERT INTO item VALUES (502, 'under way', 1)");
  process.stdout.write('ready');
  process.stdin.resume();
`;

/** Script of a program that fills two tables `a` and `b`, which always grow together, in small transactions: its store, and the journal mode to write in. */
export const busyWriter = `
  const Database = require('better-sqlite3');
  const database = new Database(process.argv[1]);
  database.pragma('wal_autocheckpoint = 20');
  // Who only opens a store does not know how its last writer kept its journal.
  if (process.argv[2] !== undefined) database.pragma('journal_mode = ' + process.argv[2]);
  const [a, b] = [database.prepare('INSERT INTO a VALUES (?)'), database.prepare('INSERT INTO b VALUES (?, zeroblob(3000))')];
  const both = database.transaction((i) => { a.run(i); b.run(i); });
  for (let i = 1; i < 200000; i++) { both(i); if (i === 1) process.stdout.write('started'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1); }
`;
