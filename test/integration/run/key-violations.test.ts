import assert from 'node:assert/strict';
import { listRejects, MigrationError, rollBackRun } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { describeOnBothTargets, storePlan, type Bench } from '../../helpers/engine.ts';

/** Different keys in the store that are the same number in PostgreSQL: 1, '1' and 1.0; read in the order of their rowids. */
const seed = `
  CREATE TABLE item (code, name TEXT);
  INSERT INTO item (rowid, code, name) VALUES (1, 1, 'first'), (2, 2, 'good'), (3, '1', 'text'), (4, 3, 'Ann'), (5, 1.0, 'real'), (6, 4, 'ANN'), (7, 5, NULL), (8, 6, NULL);`;

const itemTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'item',
  to: 'item',
  columns: [
    { from: 'code', to: 'code', type: 'bigint', nullable: false },
    { from: 'name', to: 'name', type: 'text' },
  ],
  primaryKey: ['code'],
  indexes: [{ columns: [], expression: 'lower(name)', unique: true, name: 'item_name' }],
};

describeOnBothTargets('rows that break a key', (withBench) => {
  it('are set aside with the key named; the first of each key in the order of the source stays', () =>
    withBench(seed, async (bench) => {
      const result = await bench.run(storePlan([itemTable], { onReject: 'quarantine' }));
      assert.deepEqual([result.status, result.rejects, result.verification.status], ['partial', 3, 'match']);
      assert.deepEqual(await bench.target.query('SELECT name FROM public.item WHERE name IS NOT NULL ORDER BY code'), [
        'first',
        'good',
        'Ann',
      ]);
      const { rejects, tables } = await listRejects({ runId: String(result.runId), target: bench.choice }, bench.deps);
      assert.deepEqual(tables, [{ table: 'public.item', rejects: 3, retried: 0, source: 'main', from: 'item', location: bench.store }]);
      assert.deepEqual(
        rejects.map(({ provenance, column, code, value }) => [provenance, column, code, value]),
        [
          ['rowid 3', 'code', 'key-violated', '1'],
          ['rowid 5', 'code', 'key-violated', '1.0'],
          ['rowid 6', null, 'key-violated', 'code = 4, name = "ANN"'],
        ],
      );
      assert.match(rejects[0]?.message ?? '', /"item_pkey" on \("code"\): the row at rowid 1 has the same value/);
      assert.match(rejects[2]?.message ?? '', /"item_name" on \(\(lower\(name\)\)\): the row at rowid 4 /);
      await assertCounted(bench, 8, 3);
      await rollBackRun(
        { runId: String(result.runId), target: bench.choice, purge: false, signal: new AbortController().signal },
        bench.deps,
      );
    }));

  it('end the run clearly under stop, and a resume that sets them aside goes on', () =>
    withBench(seed, async (bench) => {
      await assert.rejects(bench.run(storePlan([itemTable])), (error) => {
        assert.ok(error instanceof MigrationError);
        assert.equal(error.code, 'key-not-unique');
        assert.match(error.message, /public\.item break its key "item_pkey"/);
        return true;
      });
      assert.deepEqual(await bench.target.query('SELECT status FROM sluice.run'), ['failed']);
      const result = await bench.run(storePlan([itemTable]), { resume: true, overrides: { onReject: 'quarantine' } });
      assert.deepEqual([result.status, result.rejects, result.verification.status], ['partial', 3, 'match']);
      await assertCounted(bench, 8, 3);
    }));

  it('count towards the limit', () =>
    withBench(seed, async (bench) => {
      const hasCode = (error: unknown): boolean => error instanceof MigrationError && error.code === 'too-many-rejects';
      await assert.rejects(bench.run(storePlan([itemTable], { onReject: 'quarantine', maxRejects: 1 })), hasCode);
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM sluice.reject'), ['0']);
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), ['8']);
      const result = await bench.run(storePlan([itemTable], { onReject: 'quarantine', maxRejects: 1 }), {
        resume: true,
        overrides: { maxRejects: 3 },
      });
      assert.deepEqual([result.status, result.rejects, result.verification.status], ['partial', 3, 'match']);
    }));
});

async function assertCounted(bench: Bench, rows: number, rejected: number): Promise<void> {
  const counted = await bench.target.query(
    `SELECT concat_ws(' ', sum(rows_read), sum(rows_written), sum(rows_rejected), (SELECT count(*) FROM public.item)) FROM sluice.checkpoint`,
  );
  assert.deepEqual(counted, [`${rows} ${rows - rejected} ${rejected} ${rows - rejected}`]);
}
