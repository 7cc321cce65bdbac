import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { MigrationError, readRunReport, type RunRequest, type RunResult } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan, type Bench } from '../../helpers/engine.ts';
import { watchTarget } from '../../helpers/left-alone.ts';
import { photograph } from '../../helpers/photograph.ts';
import { storeStates } from '../../helpers/store-states.ts';

/** The code of the error that stopped a run before it made anything, in the target or in `directory`. */
async function stopped(bench: Bench, plan: PlanInput, directory: string, settings: Partial<RunRequest> = {}): Promise<MigrationError> {
  const assertLeftAlone = await watchTarget(bench);
  const error = await bench.run(plan, { backup: directory, ...settings }).then(
    () => assert.fail('the run was not stopped'),
    (thrown: unknown) => thrown as MigrationError,
  );
  assert.ok(error instanceof MigrationError, String(error));
  await assertLeftAlone();
  return error;
}

/** A query's only value, in a backup that is opened as its owner would. */
function ask(path: string, sql: string): unknown {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare(sql).pluck().get();
  } finally {
    database.close();
  }
}

/** Changes a declaration without a look at the rows, as only a program can that allows itself everything. */
function rewriteSchema(path: string, from: string, to: string): void {
  const database = new Database(path).unsafeMode();
  database.exec(`PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql = replace(sql, '${from}', '${to}') WHERE name = 'odd'`);
  database.close();
}

function onlyBackup(result: RunResult): RunResult['backups'][number] {
  assert.equal(result.backups.length, 1);
  return result.backups[0] ?? assert.fail();
}

describeOnBothTargets('backup of the source before a run', (withBench) => {
  it('is whole, named after store and time, closed to others, and told in result and report', () =>
    withBench(itemsSeed(2_000), async (bench) => {
      const directory = join(bench.folder, 'safe', 'copies');
      const result = await bench.run(storePlan([itemTable]), { backup: directory });
      const { source, path, bytes, sha256 } = onlyBackup(result);
      assert.equal(source, 'main');
      assert.equal(dirname(path), directory);
      assert.match(basename(path), /^store-\d{8}T\d{6}Z\.db$/);
      assert.deepEqual(readdirSync(directory), [basename(path)], 'nothing else lies there');
      assert.equal(sha256, createHash('sha256').update(readFileSync(path)).digest('hex'));
      assert.equal(bytes, statSync(path).size);
      assert.equal(statSync(path).mode & 0o777, 0o600);
      assert.equal(ask(path, 'SELECT count(*) FROM item'), 2_000);
      assert.equal(ask(path, 'PRAGMA integrity_check'), 'ok');
      const report = await readRunReport(bench.choice, result.runId ?? '', bench.deps);
      assert.deepEqual(report.backups, result.backups);
      assert.deepEqual(report.preflight, result.preflight);
    }));

  it('never replaces a file, nor one that is in its way half made', () =>
    withBench(itemsSeed(10), async (bench) => {
      const directory = join(bench.folder, 'copies');
      const deps = { ...bench.deps, clock: { ...bench.deps.clock, now: () => Date.UTC(2026, 0, 2, 3, 4, 5) } };
      mkdirSync(directory);
      writeFileSync(join(directory, 'store-20260102T030405Z.db'), 'of somebody else');
      const result = await bench.run(storePlan([itemTable]), { backup: directory }, deps);
      assert.equal(basename(onlyBackup(result).path), 'store-20260102T030405Z-2.db');
      assert.equal(readFileSync(join(directory, 'store-20260102T030405Z.db'), 'utf8'), 'of somebody else');
      writeFileSync(join(directory, 'store-20260102T030405Z-3.db.partial'), 'of somebody else');
      await assert.rejects(bench.run(storePlan([{ ...itemTable, to: 'again' }]), { backup: directory }, deps), { code: 'backup-failed' });
      assert.equal(readFileSync(join(directory, 'store-20260102T030405Z-3.db.partial'), 'utf8'), 'of somebody else');
    }));

  it('is refused in the folder of the store, whatever it is called, and allowed below it', () =>
    withBench(itemsSeed(10), async (bench) => {
      const plan = storePlan([itemTable]);
      symlinkSync(bench.folder, join(bench.folder, 'link'));
      for (const directory of [bench.folder, join(bench.folder, 'link'), join(bench.folder, 'x', '..')]) {
        assert.equal((await stopped(bench, plan, directory)).code, 'backup-beside-source', directory);
      }
      const result = await bench.run(plan, { backup: join(bench.folder, 'below') });
      assert.ok(existsSync(onlyBackup(result).path));
    }));

  it('that cannot be made stops the run before anything is created', () =>
    withBench(
      itemsSeed(10),
      async (bench) => {
        const plan = storePlan([itemTable]);
        writeFileSync(join(bench.folder, 'file'), '');
        const error = await stopped(bench, plan, join(bench.folder, 'file', 'copies'));
        assert.equal(error.code, 'backup-failed');
        assert.match(error.message, /could not be backed up to .*copies: .*file/);
        const abort = new AbortController();
        const aborting = { ...bench.deps, emit: (event: { type: string }) => event.type === 'preflight' && abort.abort() };
        await assert.rejects(bench.run(plan, { backup: join(bench.folder, 'copies'), signal: abort.signal }, aborting), {
          code: 'cancelled',
        });
        assert.deepEqual(existsSync(join(bench.folder, 'copies')) ? readdirSync(join(bench.folder, 'copies')) : [], []);
      },
      'unmade',
    ));

  it('of a store with faults of its own has the same faults', () =>
    withBench(`${itemsSeed(10)} CREATE TABLE odd (a TEXT); INSERT INTO odd VALUES (NULL);`, async (bench) => {
      rewriteSchema(bench.store, 'a TEXT', 'a TEXT NOT NULL');
      assert.notEqual(ask(bench.store, 'PRAGMA integrity_check'), 'ok', 'the test needs a fault');
      const result = await bench.run(storePlan([itemTable]), { backup: join(bench.folder, 'copies') });
      assert.equal(ask(onlyBackup(result).path, 'SELECT count(*) FROM odd'), 1);
    }));

  it('of a store whose order only its application knows is made as well', () =>
    withBench(
      `${itemsSeed(10)} CREATE TABLE odd (a TEXT COLLATE nocase UNIQUE, b TEXT); INSERT INTO odd VALUES ('x', 'y');`,
      async (bench) => {
        rewriteSchema(bench.store, 'nocase', 'ours');
        const result = await bench.run(storePlan([itemTable]), { backup: join(bench.folder, 'copies') });
        assert.equal(ask(onlyBackup(result).path, 'SELECT count(*) FROM odd NOT INDEXED'), 1);
      },
    ));
});

describeOnBothTargets('backup from each state of a store', (withBench) => {
  for (const [state, make] of Object.entries(storeStates)) {
    it(`${state}: the rows that are loaded are in the copy, and the folder is as it was`, () =>
      withBench('SELECT 1', async (bench) => {
        const { store, folder, except, rows, release } = await make();
        try {
          const before = await photograph(folder, except);
          const plan = { ...storePlan([itemTable]), sources: { main: { kind: 'sqlite' as const, path: store } } };
          const result = await bench.run(plan, { backup: join(bench.folder, 'copies') });
          assert.equal(result.verification.status, 'match');
          assert.equal(result.tables[0]?.rowsWritten, rows);
          assert.equal(ask(onlyBackup(result).path, 'SELECT count(*) FROM item'), rows);
          assert.equal(ask(onlyBackup(result).path, `SELECT count(*) FROM item WHERE name LIKE 'unfinished%' OR name = 'under way'`), 0);
          assert.deepEqual(await photograph(folder, except), before);
        } finally {
          await release();
        }
      }));
  }
});
