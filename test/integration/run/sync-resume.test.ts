import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { cancelInTheMiddle } from '../../helpers/cancel-in-the-middle.ts';
import { describeOnBothTargets, itemTable, storePlan } from '../../helpers/engine.ts';
import { ask, assertProved, contents, rollBack } from '../../helpers/existing-tables.ts';

const rows = 9_000;
/** About 2 kB a row: several chunks. */
const itemRows = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
  INSERT INTO item SELECT i, 'item ' || i || printf('%.*c', 2000, '-'), i / 8.0 FROM n;`;
const itemSeed = `CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL);`;

describeOnBothTargets('mode sync that ends in the middle', (withBench) => {
  it('a first run is resumed and knows all of its rows afterwards; a later one too, and it is rolled back to the first', () =>
    withBench(itemSeed + itemRows, async (bench) => {
      const plan = storePlan([itemTable], { mode: 'sync', jobs: 1 });
      const runId = await cancelInTheMiddle(bench, plan);
      const first = await bench.run(plan, { resume: true });
      assert.equal(first.runId, runId);
      assertProved(first, rows);
      assert.deepEqual(await ask(bench, 'SELECT count(*) FROM sluice.row_hash'), [[String(rows)]]);
      const loaded = await contents(bench);

      change(
        bench.store,
        'UPDATE item SET weight = -1 WHERE id % 3 > 0; DELETE FROM item WHERE id = 5; INSERT INTO item VALUES (0, NULL, NULL);',
      );
      bench.events.length = 0;
      const second = await cancelInTheMiddle(bench, plan);
      const [[written]] = (await ask(bench, `SELECT sum(rows_written) FROM sluice.checkpoint WHERE run_id = '${second}'`)) as [[string]];
      assert.ok(Number(written) > 0 && Number(written) < rows / 2, `not in the middle: ${written}`);
      const resumed = await bench.run(plan, { resume: true });
      assert.equal(resumed.runId, second);
      assert.deepEqual([resumed.status, resumed.verification.status], ['done', 'match']);
      const [table] = resumed.tables;
      assert.deepEqual([table?.rowsWritten, table?.existing?.unchanged, table?.existing?.gone], [rows - rows / 3, rows / 3, 1]);
      assert.deepEqual((await bench.run(plan)).tables[0]?.rowsWritten, 0);
      await rollBack(bench, second);
      assert.deepEqual(await contents(bench), loaded);
    })).timeout(180_000);

  it('a run that is never resumed: the next one writes what it did not, and both are rolled back one after the other', () =>
    withBench(itemSeed + itemRows, async (bench) => {
      const plan = storePlan([itemTable], { mode: 'sync', jobs: 1 });
      await bench.run(plan);
      const loaded = await contents(bench);
      change(bench.store, 'UPDATE item SET weight = -1');
      bench.events.length = 0;
      const cut = await cancelInTheMiddle(bench, plan);
      const half = await contents(bench);
      const [[written]] = (await ask(bench, `SELECT sum(rows_written) FROM sluice.checkpoint WHERE run_id = '${cut}'`)) as [[string]];
      const next = await bench.run(plan);
      assert.deepEqual([next.status, next.verification.status], ['done', 'match']);
      assert.equal(next.tables[0]?.rowsWritten, rows - Number(written));
      await rollBack(bench, next.runId);
      assert.deepEqual(await contents(bench), half);
      await rollBack(bench, cut);
      assert.deepEqual(await contents(bench), loaded);
    })).timeout(180_000);

  it('a row that waits for a parent in a later chunk is known when it has arrived, and tried again when it has not', () =>
    withBench(
      'CREATE TABLE chain (id INTEGER PRIMARY KEY, beside INTEGER, name TEXT); INSERT INTO chain VALUES (1, NULL, NULL);',
      async (bench) => {
        const plan = storePlan([chainTable], { mode: 'sync', onReject: 'quarantine' });
        await bench.run(plan);
        const loaded = await contents(bench);
        change(
          bench.store,
          `UPDATE chain SET beside = ${rows} WHERE id = 1; INSERT INTO chain VALUES (2, ${rows + 7}, NULL);
         WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) INSERT INTO chain SELECT i, i, printf('%.*c', 1000, '-') FROM n;`,
        );
        const second = await bench.run(plan);
        assert.deepEqual([second.tables[0]?.rowsWritten, second.rejects, second.verification.status], [rows - 1, 1, 'match']);
        const third = await bench.run(plan);
        assert.deepEqual([third.tables[0]?.rowsWritten, third.rejects, third.verification.status], [0, 1, 'match']);
        change(bench.store, `UPDATE chain SET beside = 1 WHERE id = 2`);
        const fourth = await bench.run(plan);
        assert.deepEqual([fourth.tables[0]?.rowsWritten, fourth.tables[0]?.existing?.unchanged, fourth.status], [1, rows - 1, 'done']);
        for (const { runId } of [fourth, third, second]) await rollBack(bench, runId);
        assert.deepEqual(await contents(bench), loaded);
      },
    )).timeout(180_000);
});

function change(store: string, sql: string): void {
  const database = new Database(store);
  database.exec(sql);
  database.close();
}

const chainTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'chain',
  to: 'chain',
  columns: [
    { from: 'id', to: 'id', type: 'bigint', nullable: false },
    { from: 'beside', to: 'beside', type: 'bigint' },
    { from: 'name', to: 'name', type: 'text' },
  ],
  primaryKey: ['id'],
  // Without it each row that is deleted has all others read.
  indexes: [{ columns: ['beside'] }],
  foreignKeys: [{ columns: ['beside'], references: 'chain', referencesColumns: ['id'] }],
};
