import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { itemsSeed } from '../helpers/engine.ts';
import { asNobody, onReadOnlyMount, onSmallDisk, requireMounts, requireOtherUser } from '../helpers/mounts.ts';
import { photograph } from '../helpers/photograph.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import {
  describeOutcome,
  parseFailure,
  parseRun,
  projectRoot,
  runCli,
  startCli,
  type CliOptions,
  type CliOutcome,
} from '../helpers/run-cli.ts';
import { busyWriter } from '../helpers/store-states.ts';

const bundle = join(projectRoot, 'dist/sluice.js');

describe('stores in trouble', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let root: string;
  let folder: string;
  let store: string;
  let target: CliTarget;

  before(async function () {
    cluster = await requirePostgres(this);
  });
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'sluice-trouble-'));
    folder = join(root, 'app');
    for (const name of ['app', 'work', 'temporary']) mkdirSync(join(root, name));
    store = join(folder, 'store.db');
    target = await postgresTarget(cluster);
  });
  afterEach(async () => {
    await target.remove();
    rmSync(root, { recursive: true, force: true });
  });

  const build = (sql: string, path = store): void => {
    const database = new Database(path);
    database.exec(sql);
    database.close();
  };
  const options = (more: CliOptions = {}): CliOptions => ({
    cwd: join(root, 'work'),
    bundle: true,
    ...more,
    environment: { ...target.environment, TMPDIR: join(root, 'temporary'), ...more.environment },
  });
  const run = (words: readonly string[] = [], more: CliOptions = {}): Promise<CliOutcome> =>
    runCli(['run', store, '--target', target.flag, '--json', ...words], options(more));

  const damages: readonly (readonly [what: string, code: string, damage: () => void])[] = [
    ['an empty file', 'empty-file', () => truncateSync(store, 0)],
    ['a file of another kind', 'unknown-store', () => writeFileSync(store, 'just words\n')],
    ['an encrypted database', 'encrypted-store', () => writeFileSync(store, randomBytes(8_192))],
    ['a database cut off', 'truncated-store', () => truncateSync(store, statSync(store).size - 4_096)],
    ['a header only in part', 'truncated-store', () => truncateSync(store, 50)],
    ['a missing file', 'path-not-found', () => rmSync(store)],
  ];
  for (const [what, code, damage] of damages) {
    it(`S41 ${what} is named by every command that reads it, and nothing is created (PostgreSQL) (embedded)`, async () => {
      build(itemsSeed(500));
      damage();
      const before = await photograph(folder);
      const dump = await target.dump();
      const embedded = embeddedTarget();
      try {
        for (const words of [
          ['inspect', store],
          ['plan', store, '-o', 'store.sluice.json'],
          ['run', store, '--target', target.flag, '--backup', 'copies'],
          ['run', store, '--target', embedded.flag],
        ]) {
          const failure = parseFailure(await runCli([...words, '--json'], options()), code === 'path-not-found' ? 2 : 1);
          assert.equal(failure.code, code, words.join(' '));
          assert.ok(failure.remedy.length > 0);
        }
        assert.equal(await target.dump(), dump);
        assert.ok(!existsSync(embedded.flag.slice('embedded:'.length)), 'no embedded database was made');
        assert.ok(!existsSync(join(root, 'work', 'store.sluice.json')) && !existsSync(join(root, 'work', 'copies')));
        assert.deepEqual(await photograph(folder), before);
      } finally {
        await embedded.remove();
      }
    });
  }

  describe('on a read-only mount', () => {
    before(function () {
      requireMounts(this);
    });
    for (const journal of ['delete', 'wal']) {
      it(`S40 a store with journal_mode ${journal} is migrated and backed up`, async () => {
        build(`PRAGMA journal_mode = ${journal}; ${itemsSeed(500)}`);
        const before = await photograph(folder);
        const result = parseRun(await run(['--backup', 'copies'], { within: onReadOnlyMount(folder) }));
        assert.deepEqual([result.tables[0]?.rowsWritten, result.verification.status, result.backups.length], [500, 'match', 1]);
        assert.deepEqual(await photograph(folder), before);
      });
    }

    it('S40 a backup to a read-only mount stops the run before anything is created', async () => {
      build(itemsSeed(10));
      const dump = await target.dump();
      const copies = join(folder, 'copies');
      const failure = parseFailure(await run(['--backup', copies], { within: onReadOnlyMount(folder) }));
      assert.equal(failure.code, 'backup-failed');
      assert.match(failure.message, /EROFS/);
      assert.equal(await target.dump(), dump);
    });

    it('a disk too small for the private copy, for a backup, and for an embedded target is told before anything is written', async () => {
      build(`PRAGMA journal_mode = wal; ${itemsSeed(10)} CREATE TABLE big (b BLOB); INSERT INTO big VALUES (zeroblob(20000000));`);
      const dump = await target.dump();
      const copy = parseFailure(await run([], { within: onSmallDisk(join(root, 'temporary'), 4) }));
      assert.deepEqual([copy.code, /The private copy of .*store\.db needs about \d{8} bytes/.test(copy.message)], ['no-space', true]);
      mkdirSync(join(root, 'work', 'copies'));
      const backup = parseFailure(await run(['--backup', 'copies'], { within: onSmallDisk(join(root, 'work', 'copies'), 4) }));
      assert.deepEqual([backup.code, /The backup needs/.test(backup.message)], ['no-space', true]);
      assert.equal(await target.dump(), dump);
      const disk = join(root, 'work', 'disk');
      mkdirSync(disk);
      const words = ['run', store, '--target', `embedded:${join(disk, 'postgres')}`, '--json'];
      const embedded = parseFailure(await runCli(words, options({ within: onSmallDisk(disk, 30) })));
      assert.deepEqual([embedded.code, /The target needs about \d+ bytes/.test(embedded.message)], ['no-space', true]);
    });
  });

  describe('of another user', () => {
    before(function () {
      requireOtherUser(this, bundle);
    });
    const asGuest = (): Partial<CliOptions> => {
      for (const name of ['work', 'temporary']) chownSync(join(root, name), 65_534, 65_534);
      chmodSync(root, 0o755);
      return { within: asNobody };
    };

    for (const journal of ['delete', 'wal']) {
      it(`S40 a store that may be read and not written, journal_mode ${journal}`, async () => {
        build(`PRAGMA journal_mode = ${journal}; ${itemsSeed(500)}`);
        chmodSync(store, 0o444);
        chmodSync(folder, 0o555);
        const before = await photograph(folder);
        const result = parseRun(await run(['--backup', 'copies'], asGuest()));
        assert.deepEqual([result.tables[0]?.rowsWritten, result.verification.status, result.backups.length], [500, 'match', 1]);
        assert.deepEqual(await photograph(folder), before);
      });
    }

    it('S41 a store that may not be read is named', async () => {
      build(itemsSeed(10));
      chmodSync(store, 0o600);
      const failure = parseFailure(await run([], asGuest()));
      assert.equal(failure.code, 'unreadable-file');
    });

    it('a folder for temporary files that cannot be written to is named', async () => {
      build(itemsSeed(10));
      const guest = asGuest();
      chmodSync(join(root, 'temporary'), 0o555);
      const failure = parseFailure(await run([], guest));
      assert.equal(failure.code, 'scratch-unusable');
      assert.match(failure.message, /temporary/);
      assert.match(failure.remedy, /TMPDIR/);
    });
  });

  it('S40 a store that another program holds locked is named after a while', async () => {
    build(itemsSeed(10));
    const holder = spawn(process.execPath, ['-e', holdLocked, store], { cwd: projectRoot, stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      await once(holder.stdout, 'data');
      const before = await photograph(folder, ['-journal']);
      assert.equal(parseFailure(await run()).code, 'source-locked');
      assert.deepEqual(await photograph(folder, ['-journal']), before);
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    }
  });

  for (const [journal, beside] of [
    ['wal', ['store.db-shm', 'store.db-wal']],
    ['delete', ['store.db-journal']],
  ] as const) {
    it(`S40 while a program keeps writing with journal_mode ${journal}: one state for profile, load, verification and backup, and the program never notices`, async () => {
      build(`PRAGMA journal_mode = ${journal}; CREATE TABLE a (v INTEGER); CREATE TABLE b (v INTEGER, filler BLOB)`);
      const writer = spawn(process.execPath, ['-e', busyWriter, store], { cwd: projectRoot, stdio: ['pipe', 'pipe', 'pipe'] });
      let complaints = '';
      writer.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
      try {
        await once(writer.stdout, 'data');
        const result = parseRun(await run(['--backup', 'copies']));
        assert.equal(result.verification.status, 'match');
        assert.equal(writer.exitCode, null, complaints);
        const [a, b] = result.tables.map(({ rowsWritten }) => rowsWritten);
        assert.ok(a !== undefined && a > 0 && a === b, `${a} and ${b} rows of tables that always grow together`);
        const backup = new Database(result.backups[0]?.path, { readonly: true });
        assert.equal(backup.prepare('SELECT count(*) FROM a').pluck().get(), a, 'the backup is what was loaded');
        backup.close();
        const strange = readdirSync(folder).filter((name) => name !== 'store.db' && !beside.some((own) => own === name));
        assert.deepEqual(strange, [], 'beside the store is only what its program keeps there');
      } finally {
        writer.kill('SIGKILL');
        await once(writer, 'exit');
      }
      assert.equal(complaints, '');
      const after = new Database(store);
      assert.equal(after.prepare('PRAGMA integrity_check').pluck().get(), 'ok');
      after.close();
    });
  }

  it('S40 --private-copy reads a copy of a store that nobody has open; without it nothing is copied', async () => {
    build(itemsSeed(10));
    for (const [words, disks] of [
      [[], ['target']],
      [['--private-copy'], ['target', 'private copies']],
    ] as const) {
      const result = parseRun(await run([...words, '--dry-run']));
      assert.deepEqual(
        result.preflight?.disk.map(({ what }) => what),
        disks,
      );
    }
  });

  for (const [what, swapBack] of [
    ['replaced by another one', false],
    ['replaced and put back', true],
  ] as const) {
    it(`S40 a store that is ${what} in the middle of a run is never loaded half from one and half from the other`, async () => {
      build(itemsSeed(100_000));
      build(`${itemsSeed(100_000)} UPDATE item SET name = 'other';`, join(root, 'other.db'));
      let done = false;
      const process = startCli(['run', store, '--target', target.flag, '--json', '--progress', 'ndjson', '--jobs', '2'], {
        ...options(),
        onEvent: (event) => {
          if (done || event.type !== 'phase' || event.phase !== 'data') return;
          done = true;
          renameSync(store, join(folder, 'aside.db'));
          renameSync(join(root, 'other.db'), store);
          if (swapBack) setTimeout(() => renameSync(join(folder, 'aside.db'), store), 30);
        },
      });
      const outcome = await process.finished;
      if (outcome.code === 0) {
        assert.ok(swapBack, 'the run did not notice another store');
        assert.equal(parseRun(outcome).verification.status, 'match');
      } else assert.equal(parseFailure(outcome).code, 'source-changed', describeOutcome(outcome));
      const loaded = await target.query(`SELECT DISTINCT left(name, 4) FROM item`);
      assert.ok(loaded.length <= 1 && !loaded.includes('othe'), loaded.join());
    });
  }
});

const holdLocked = `
  const Database = require('better-sqlite3');
  const database = new Database(process.argv[1]);
  database.exec('BEGIN EXCLUSIVE');
  process.stdout.write('locked');
  process.stdin.resume();
`;
