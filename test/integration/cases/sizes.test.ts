import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describeCase } from '../../helpers/case-setting.ts';
import { embeddedTarget, postgresTarget } from '../../helpers/cli-target.ts';
import { sharedCluster } from '../../helpers/postgres.ts';
import { parseRun, runCli } from '../../helpers/run-cli.ts';

describeCase('S39', 'cells of 60 MB', (setting) => {
  const megabytes = 60;
  const store = {
    sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB, v TEXT);',
    fill: (database: Database.Database) => {
      const insert = database.prepare('INSERT INTO t VALUES (?, ?, ?)');
      insert.run(1, Buffer.alloc(megabytes << 20, Buffer.from([...Array(251).keys()])), 'before');
      insert.run(2, Buffer.of(1), 'é'.repeat(megabytes << 19));
      insert.run(3, null, 'behind');
    },
  };

  it('a blob and a text are loaded, and their neighbours with them', () =>
    setting.migrate(store, async (run) => {
      assert.deepEqual(await run.query(`SELECT id, octet_length(b) AS b, octet_length(v) AS v FROM ${run.name('t')} ORDER BY id`), [
        ['1', megabytes << 20, 6],
        ['2', 1, megabytes << 20],
        ['3', null, 6],
      ]);
      const md5 = await run.query(
        `SELECT md5(b) FROM ${run.name('t')} WHERE id = 1 UNION ALL SELECT md5(v) FROM ${run.name('t')} WHERE id = 2`,
      );
      assert.deepEqual(md5, sourceHashes(run.store));
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    }));

  it('under a fixed ceiling of memory', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-s39-'));
    const target = setting.target === 'PostgreSQL' ? await postgresTarget(await sharedCluster()) : embeddedTarget();
    try {
      const path = join(folder, 'store.db');
      const database = new Database(path);
      database.exec(store.sql);
      store.fill(database);
      database.close();
      const result = parseRun(await runCli(['run', path, '--target', target.flag, '--json'], { environment: target.environment }));
      assert.equal(result.verification.status, 'match');
      assert.ok(result.peakRssMb < ceilingMb, `the engine took ${result.peakRssMb} MB`);
    } finally {
      await target.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** For the engine's process: both cells at once in two buffers each, and the rest. */
const ceilingMb = 700;

function sourceHashes(path: string): readonly (readonly unknown[])[] {
  const database = new Database(path, { readonly: true });
  const cells = database
    .prepare<[], { cell: Buffer | string }>('SELECT b AS cell FROM t WHERE id = 1 UNION ALL SELECT v FROM t WHERE id = 2')
    .all();
  database.close();
  return cells.map(({ cell }) => [createHash('md5').update(cell).digest('hex')]);
}

describeCase('S44', '200,000 rows with one bad value in the middle', (setting) => {
  it('199,999 are loaded, one is rejected, and the run is partial', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, v REAL);
          WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 200000) INSERT INTO t SELECT n, n / 8.0 FROM c;
          UPDATE t SET v = 'heavy' WHERE id = 100000;`,
      },
      async (run) => {
        assert.equal(run.result.status, 'partial');
        assert.equal(run.column('v').expectedRejects, 1);
        assert.deepEqual(
          run.rejects.map(({ provenance, column, code, value }) => [provenance, column, code, value]),
          [['rowid 100000', 'v', 'wrong-type', 'heavy']],
        );
        assert.deepEqual(await run.query(`SELECT count(*), min(id), max(id) FROM ${run.name('t')}`), [['199999', '1', '200000']]);
        await run.compare('t', { id: 'integer', v: 'bits' }, 'id <> 100000');
      },
    ));
});
