import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { checkSourceUnchanged } from '../../../../../src/core/sources/registry.ts';
import { busyWriter } from '../../../../helpers/store-states.ts';
import { readRows, SqliteSetting } from './sqlite-setting.ts';

const rows = `CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT i, 'row ' || i FROM n;`;

const openStore = `const Database = require('better-sqlite3'); const database = new Database(process.argv[1]);`;
const ready = `process.stdout.write('ready'); process.stdin.resume();`;
const openReader = `const database = new (require('better-sqlite3'))(process.argv[1], { readonly: true }); database.prepare('SELECT 1 FROM t').get(); ${ready}`;
const openIdle = `${openStore} database.prepare('SELECT 1 FROM t').get(); ${ready}`;
const openUncommitted = `${openStore} database.exec("BEGIN; UPDATE t SET b = 'under way'"); ${ready}`;

/** A program of its own that does something to the store until it is stopped; started when it has said so. */
async function startWriter(script: string, ...words: readonly string[]): Promise<ChildProcess> {
  const writer = spawn(process.execPath, ['-e', script, ...words], { cwd: process.cwd(), stdio: ['pipe', 'pipe', 'inherit'] });
  await once(writer.stdout, 'data');
  return writer;
}

async function stop(writer: ChildProcess): Promise<void> {
  writer.kill('SIGKILL');
  await once(writer, 'exit');
}

describe('freezing a SQLite database', function () {
  this.timeout(30_000);
  const setting = new SqliteSetting();
  afterEach(() => setting.clear());

  it('reads a rollback-journal database in place', async () => {
    const path = setting.make(rows);
    const snapshot = await setting.freeze(path);
    assert.equal(snapshot.temporary, false);
    assert.equal(snapshot.path, path);
    assert.deepEqual(readdirSync(setting.scratch), []);
  });

  it('follows a link to the file that is meant, because its journal lies there', async () => {
    const path = setting.make(rows);
    symlinkSync(path, join(setting.folder, 'link'));
    const snapshot = await setting.freeze(join(setting.folder, 'link'));
    assert.equal(snapshot.path, path);
    assert.equal(snapshot.location, join(setting.folder, 'link'));
  });

  it('opens names with spaces, quotes and signs of a URL', async () => {
    for (const name of ["it's 100% a?b#c.db", 'ends in a space ']) {
      const path = join(setting.folder, name);
      renameSync(setting.make(rows), path);
      assert.equal((await readRows(await setting.open(path), 't', ['a'])).length, 500);
    }
  });

  it('S40 rows that are only in a -wal left by a killed program are read, and nothing beside the store changes', async () => {
    const path = leaveWal(setting);
    const before = photograph(setting.folder);
    const source = await setting.open(path);
    assert.equal((await readRows(source, 't', ['a'])).length, 501);
    assert.deepEqual(photograph(setting.folder), before);
  });

  it('a pending -wal counts in the fingerprint', async () => {
    const path = leaveWal(setting);
    const { fingerprint } = await setting.freeze(path);
    renameSync(`${path}-wal`, `${path}-gone`);
    assert.notEqual((await setting.freeze(path)).fingerprint, fingerprint);
  });

  it('an unfinished transaction in a hot -journal is rolled back in a private copy only', async () => {
    const path = leaveHotJournal(setting);
    const before = photograph(setting.folder);
    assert.deepEqual(setting.listing(), ['store.db', 'store.db-journal']);
    const source = await setting.open(path);
    const read = await readRows(source, 't', ['b']);
    assert.equal(read.length, 500);
    assert.ok(read.every(([text]) => String(text).startsWith('row ')));
    assert.deepEqual(photograph(setting.folder), before);
  });

  for (const journal of ['wal', 'delete', 'persist', 'truncate', 'memory']) {
    it(`S40 a program that keeps writing with journal_mode ${journal}: one consistent state, and the store stays usable`, async () => {
      const path = setting.make(`PRAGMA journal_mode = ${journal}; CREATE TABLE a (v); CREATE TABLE b (v, filler)`);
      const writer = await startWriter(busyWriter, path, journal);
      try {
        for (let i = 0; i < 3; i++) {
          const snapshot = await setting.freeze(path);
          const source = await setting.open(path);
          assert.ok(snapshot.temporary);
          const [counts] = await source.query(
            'SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b), (SELECT max(v) FROM a), (SELECT max(v) FROM b)',
          );
          assert.equal(counts![0], counts![1]);
          assert.equal(counts![2], counts![3]);
          assert.deepEqual(await source.query('SELECT integrity_check FROM pragma_integrity_check'), [['ok']]);
          await checkSourceUnchanged(snapshot);
        }
        assert.equal(writer.exitCode, null);
      } finally {
        await stop(writer);
      }
    });
  }

  it('S40 a store in rollback-journal mode that a program has open is copied, with the same fingerprint; looking at it needs no copy', async () => {
    const path = setting.make(rows);
    const alone = await setting.freeze(path);
    assert.equal(alone.temporary, false);
    const reader = await startWriter(openReader, path);
    assert.equal((await setting.freeze(path)).temporary, false, 'who only reads changes nothing');
    await stop(reader);
    const idle = await startWriter(openIdle, path);
    assert.equal((await setting.freeze(path, 'where-needed')).temporary, false);
    assert.equal((await setting.freeze(path)).temporary, true);
    await stop(idle);
    const writer = await startWriter(openUncommitted, path);
    try {
      const before = photograph(setting.folder);
      const frozen = await setting.freeze(path);
      assert.deepEqual([frozen.temporary, frozen.fingerprint], [true, alone.fingerprint]);
      const read = await readRows(await setting.open(path), 't', ['b']);
      assert.ok(read.length === 500 && read.every(([text]) => String(text).startsWith('row ')), 'what is not committed is not there');
      assert.deepEqual(photograph(setting.folder), before);
    } finally {
      await stop(writer);
    }
    assert.equal((await setting.freeze(path, 'always')).temporary, true);
  });

  it('S40 a database that a program has locked for itself is named, also where it would be copied', async () => {
    const path = setting.make(rows);
    const writer = await startWriter(`${openStore} database.exec('BEGIN EXCLUSIVE'); ${ready}`, path);
    try {
      await assert.rejects(setting.freeze(path), { code: 'source-locked' });
      assert.deepEqual(readdirSync(setting.scratch), []);
    } finally {
      await stop(writer);
    }
  });

  it('a private copy that somebody writes to is noticed', async () => {
    const snapshot = await setting.freeze(leaveWal(setting));
    writeFileSync(snapshot.path, 'x', { flag: 'r+' });
    await assert.rejects(checkSourceUnchanged(snapshot), { code: 'source-changed' });
  });

  it('leaves no private copy behind when the store turns out to be damaged', async () => {
    const path = leaveWal(setting);
    renameSync(`${path}-wal`, `${path}-gone`);
    const file = readFileSync(path);
    file.fill(0xee, 4_096, 6_000);
    writeFileSync(path, file);
    await assert.rejects(setting.freeze(path), { code: 'corrupt-store' });
    assert.deepEqual(readdirSync(setting.scratch), []);
  });

  it('a scratch folder that cannot be written: snapshot-failed', async () => {
    const path = leaveWal(setting);
    chmodSync(setting.scratch, 0o700);
    renameSync(setting.scratch, `${setting.scratch}-away`);
    await assert.rejects(setting.freeze(path), { code: 'snapshot-failed' });
  });
});

describe('S41 what is no whole SQLite database is named', () => {
  const setting = new SqliteSetting();
  afterEach(() => setting.clear());

  const damages: readonly (readonly [what: string, code: string, damage: (path: string) => void])[] = [
    ['an empty file', 'empty-file', (path) => truncateSync(path, 0)],
    ['another format', 'unknown-store', (path) => writeFileSync(path, 'just words\nand more of them\n')],
    ['an encrypted database', 'encrypted-store', (path) => writeFileSync(path, randomBytes(8_192))],
    [
      'a header followed by noise',
      'encrypted-store',
      (path) => writeFileSync(path, Buffer.concat([Buffer.from('SQLite format 3\0'), randomBytes(8_176)])),
    ],
    ['a header only in part', 'truncated-store', (path) => truncateSync(path, 50)],
    ['a database cut off', 'truncated-store', (path) => truncateSync(path, statSync(path).size - 4_096)],
    ['a page of rubbish', 'corrupt-store', (path) => writeFileSync(path, corrupted(readFileSync(path)))],
  ];
  for (const [what, code, damage] of damages) {
    it(`${what}: ${code}`, async () => {
      const path = setting.make(rows);
      damage(path);
      const before = photograph(setting.folder);
      await assert.rejects(setting.freeze(path), { code, kind: 'terminal' });
      assert.deepEqual(photograph(setting.folder), before);
      assert.deepEqual(readdirSync(setting.scratch), []);
    });
  }

  it('a missing file: no-such-file; a folder: unreadable-file', async () => {
    const path = join(setting.folder, 'missing.db');
    await assert.rejects(setting.freeze(path), { code: 'no-such-file' });
    await assert.rejects(setting.freeze(join(setting.make(rows), 'below')), { code: 'no-such-file' });
    await assert.rejects(setting.freeze(setting.folder), { code: 'unreadable-file' });
    assert.deepEqual(setting.listing(), ['store.db']);
  });
});

/** A database in WAL mode with one row that is only in its -wal, as a killed program leaves it. */
function leaveWal(setting: SqliteSetting): string {
  const origin = setting.make(`PRAGMA journal_mode = wal; ${rows}`, 'origin.db');
  const path = join(setting.folder, 'store.db');
  const writer = new Database(origin);
  writer.exec(`INSERT INTO t VALUES (501, 'row 501')`);
  for (const suffix of ['', '-wal']) copyFileSync(origin + suffix, path + suffix);
  writer.close();
  return path;
}

/** A rollback-journal database with an unfinished transaction on disk, as a killed program leaves it. */
function leaveHotJournal(setting: SqliteSetting): string {
  const path = setting.make(rows);
  const away = join(setting.folder, '..', 'crashed.db');
  const writer = new Database(path);
  writer.pragma('cache_size = 1');
  writer.pragma('cache_spill = 1');
  writer.exec(`BEGIN; UPDATE t SET b = 'unfinished ' || a; UPDATE t SET b = b || hex(zeroblob(200))`);
  for (const suffix of ['', '-journal']) copyFileSync(path + suffix, away + suffix);
  writer.exec('ROLLBACK');
  writer.close();
  for (const suffix of ['', '-journal']) copyFileSync(away + suffix, path + suffix);
  assert.ok(readFileSync(path).includes('unfinished'), 'the test needs a transaction that is partly on disk');
  return path;
}

function corrupted(file: Buffer): Buffer {
  file.fill(0xee, 4_096, 8_192);
  return file;
}

function photograph(folder: string): readonly string[] {
  return readdirSync(folder)
    .toSorted()
    .map(
      (name) => `${name} ${statSync(join(folder, name), { bigint: true }).mtimeNs} ${readFileSync(join(folder, name)).toString('base64')}`,
    );
}
