import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { retryRejects, type RetryResult, type RunResult } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan, type Bench } from '../../helpers/engine.ts';
import { ask, contents, execute, failsWith, rollBack } from '../../helpers/existing-tables.ts';

describeOnBothTargets('mode sync', (withBench) => {
  it('makes its tables, then writes what is new and changed alone; running it twice changes nothing; each run is rolled back to the one before', () =>
    withBench(itemsSeed(5_000), async (bench) => {
      const plan = storePlan([itemTable], { mode: 'sync' });
      const first = await bench.run(plan);
      assertSynced(first, { read: 5_000, written: 5_000 });
      assert.equal(first.tables[0]?.existing, undefined);
      const loaded = await contents(bench);
      const places = await ask(bench, versions);

      const again = await bench.run(plan);
      assertSynced(again, { read: 5_000, written: 0, inserted: 0, updated: 0, unchanged: 5_000 });
      assert.deepEqual(await ask(bench, versions), places);
      assert.deepEqual(await ask(bench, writtenBy(again)), [['0']]);

      change(
        bench,
        "UPDATE item SET name = 'new' WHERE id IN (3, 4000); INSERT INTO item VALUES (6000, 'added', 1.5); DELETE FROM item WHERE id = 7;",
      );
      const grown = await bench.run(plan);
      assertSynced(grown, { read: 5_000, written: 3, inserted: 1, updated: 2, deleted: 0, unchanged: 4_997, gone: 1 });
      assert.match(messageOf(grown, 'rows-gone'), /^1 row of public\.item is not in the source any more: \(id\) = \(7\)\. They stay/);
      const kept = await contents(bench);
      assert.deepEqual(await ask(bench, 'SELECT name FROM public.item WHERE id IN (3, 4000, 6000, 7) ORDER BY id'), [
        ['new', 'item 7', 'new', 'added'],
      ]);

      const same = await bench.run(plan);
      assertSynced(same, { read: 5_000, written: 0, unchanged: 5_000, gone: 1 });
      const applied = await bench.run({ ...plan, options: { ...plan.options, deletions: 'apply' } });
      assertSynced(applied, { read: 5_000, written: 0, deleted: 1, unchanged: 5_000, gone: 0 });
      assert.equal(messageOf(applied, 'rows-gone'), '');
      assert.deepEqual(await ask(bench, 'SELECT count(*) FROM public.item'), [['5000']]);

      await rollBack(bench, applied.runId);
      assert.deepEqual(await contents(bench), kept);
      await rollBack(bench, grown.runId);
      assert.deepEqual(await contents(bench), loaded);
      const once = await bench.run(plan);
      assertSynced(once, { read: 5_000, written: 3, inserted: 1, updated: 2, gone: 1 });
      await rollBack(bench, once.runId);
      await rollBack(bench, first.runId);
      assert.deepEqual(await contents(bench), {});
    })).timeout(180_000);

  it('tables without a key that comes from the source are refused with what to do, before anything is made', () =>
    withBench(itemsSeed(2), async (bench) => {
      await assert.rejects(
        bench.run(storePlan([{ ...itemTable, primaryKey: [] }], { mode: 'sync' })),
        failsWith('sync-without-key', /public\.item/),
      );
      assert.deepEqual(await contents(bench), {});
      await execute(bench, 'CREATE TABLE public.item (id bigint UNIQUE, name text, weight float8)');
      await assert.rejects(
        bench.run(storePlan([itemTable], { mode: 'sync' })),
        failsWith('existing-table-unfit', /may have NULL in its key \(id\)/),
      );
    })).timeout(180_000);

  it('a rejected row is tried again by the next run, and the row that it would have overwritten is neither compared nor deleted', () =>
    withBench(itemsSeed(50), async (bench) => {
      const checked = { ...itemTable, checks: [{ expression: "name <> 'bad'" }] };
      const plan = storePlan([checked], { mode: 'sync', onReject: 'quarantine', deletions: 'apply' });
      await bench.run(plan);
      change(
        bench,
        "UPDATE item SET name = 'bad' WHERE id = 3; UPDATE item SET weight = 'heavy' WHERE id = 9; DELETE FROM item WHERE id = 20;",
      );
      const rejected = await bench.run(plan);
      assert.deepEqual([rejected.status, rejected.rejects, rejected.verification.status], ['partial', 2, 'match']);
      // Row 20 may be the one that cannot be read.
      assert.match(messageOf(rejected, 'rows-behind'), /^3 rows of public\.item/);
      assert.deepEqual(await ask(bench, 'SELECT name FROM public.item WHERE id IN (3, 9, 20) ORDER BY id'), [
        ['item 3', 'item 9', 'item 20'],
      ]);
      await assert.rejects(retry(bench, rejected), failsWith('retry-of-sync'));

      change(bench, "UPDATE item SET name = 'good' WHERE id = 3; UPDATE item SET weight = 2 WHERE id = 9;");
      const mended = await bench.run(plan);
      assertSynced(mended, { read: 49, written: 2, updated: 2, deleted: 1, unchanged: 47, gone: 0 });
      assert.deepEqual(await ask(bench, 'SELECT count(*) FROM public.item', 'SELECT name FROM public.item WHERE id = 3'), [
        ['49'],
        ['good'],
      ]);
    })).timeout(180_000);

  it('two rows of the source with one key: the first stays, in every run', () =>
    withBench(
      'CREATE TABLE item (id INTEGER, name TEXT, weight REAL); INSERT INTO item VALUES (1, 1, 1), (2, 2, 2), (1, 3, 3);',
      async (bench) => {
        const plan = storePlan([itemTable], { mode: 'sync', onReject: 'quarantine' });
        const first = await bench.run(plan);
        assert.deepEqual([first.rejects, first.verification.status], [1, 'match']);
        const loaded = await contents(bench);
        const again = await bench.run(plan);
        assert.deepEqual([again.tables[0]?.rowsWritten, again.rejects, again.verification.status], [0, 1, 'match']);
        assert.deepEqual(await contents(bench), loaded);
        await assert.rejects(bench.run(plan, { overrides: { onReject: 'stop' } }), failsWith('row-refused-by-server', /same key/));
      },
    )).timeout(180_000);

  it('what others did to the target is left alone and told by the comparison; what changes in the source is written over it, and can be rolled back', () =>
    withBench(itemsSeed(20), async (bench) => {
      const plan = storePlan([itemTable], { mode: 'sync' });
      await bench.run(plan);
      await execute(bench, "UPDATE public.item SET name = 'mine' WHERE id IN (2, 3)", "INSERT INTO public.item VALUES (100, 'mine', 0)");
      const before = await contents(bench);
      change(bench, 'UPDATE item SET weight = 9 WHERE id = 3');
      const result = await bench.run(plan);
      assert.equal(result.verification.status, 'mismatch');
      const [table] = result.verification.tables;
      assert.deepEqual([table?.missing, table?.extra, table?.different], [0, 0, 1]);
      assert.deepEqual(await ask(bench, 'SELECT name FROM public.item WHERE id IN (2, 3, 100) ORDER BY id'), [['mine', 'item 3', 'mine']]);
      await rollBack(bench, result.runId);
      assert.deepEqual(await contents(bench), before);
    })).timeout(180_000);

  it('a new row takes the value of a unique column from a row that is gone; where the plan keeps that row, the new one is a reject', () =>
    withBench(itemsSeed(5), async (bench) => {
      const plan = storePlan([{ ...itemTable, uniques: [['name']] }], { mode: 'sync', onReject: 'quarantine' });
      await bench.run(plan);
      const loaded = await contents(bench);
      change(bench, "DELETE FROM item WHERE id = 1; INSERT INTO item VALUES (9, 'item 1', 9);");
      const kept = await bench.run(plan);
      assert.deepEqual([kept.status, kept.rejects, kept.tables[0]?.existing?.gone], ['partial', 1, 1]);
      const applied = await bench.run({ ...plan, options: { ...plan.options, deletions: 'apply' } });
      assertSynced(applied, { read: 5, written: 1, inserted: 1, deleted: 1, unchanged: 4, gone: 0 });
      await rollBack(bench, applied.runId);
      assert.deepEqual(await contents(bench), loaded);
    })).timeout(180_000);

  it('parents and children: new and gone ones in one run, in an order that foreign keys and unique keys bear', () =>
    withBench(
      `CREATE TABLE parent (id INTEGER PRIMARY KEY, mail TEXT); INSERT INTO parent VALUES (1, 'a'), (2, 'b'), (3, 'c');
       CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER, boss INTEGER); INSERT INTO child VALUES (10, 1, NULL), (20, 2, 10), (30, 3, 20);`,
      async (bench) => {
        const plan = storePlan([childTable, parentTable], { mode: 'sync', deletions: 'apply' });
        const first = await bench.run(plan);
        assert.equal(first.verification.status, 'match');
        const loaded = await contents(bench);
        // Parent 1 goes with its value to parent 9; child 20 leaves parent 2, which goes as well; child 5 refers to a child behind it.
        change(
          bench,
          `DELETE FROM parent WHERE id IN (1, 2); INSERT INTO parent VALUES (9, 'd'); DELETE FROM child WHERE id = 10; UPDATE child SET parent_id = 9, boss = 40 WHERE id = 20;
           INSERT INTO child VALUES (5, 9, 40), (40, 3, 5);`,
        );
        const second = await bench.run(plan);
        assert.deepEqual([second.verification.status, second.status], ['match', 'done']);
        assert.deepEqual(await contents(bench), {
          parent: ['(3,c)', '(9,d)'],
          child: ['(20,9,40)', '(30,3,20)', '(40,3,5)', '(5,9,40)'],
        });
        assert.deepEqual(
          (await bench.run(plan)).tables.map(({ rowsWritten }) => rowsWritten),
          [0, 0],
        );
        await rollBack(bench, second.runId);
        assert.deepEqual(await contents(bench), loaded);
      },
    )).timeout(180_000);
});

const versions = 'SELECT xmin::text || ctid::text FROM public.item ORDER BY id';

function writtenBy({ runId }: RunResult): string {
  return `SELECT (SELECT count(*) FROM sluice.undo WHERE run_id = '${String(runId)}') + (SELECT count(*) FROM sluice.row_hash WHERE run_id = '${String(runId)}')`;
}

function retry(bench: Bench, { runId }: RunResult): Promise<RetryResult> {
  return retryRejects({ runId: String(runId), target: bench.choice, plan: null, signal: new AbortController().signal }, bench.deps);
}

function change(bench: Bench, sql: string): void {
  const store = new Database(bench.store);
  store.exec(sql);
  store.close();
}

/** Of the only table; the run is done and proved. */
function assertSynced(
  result: RunResult,
  expected: Partial<Record<'read' | 'written' | 'inserted' | 'updated' | 'deleted' | 'unchanged' | 'gone', number>>,
): void {
  assert.deepEqual([result.status, result.verification.status], ['done', 'match'], JSON.stringify(result.verification.tables, null, 1));
  const [table] = result.tables;
  const found = { ...table?.existing, read: table?.rowsRead, written: table?.rowsWritten };
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, found[name as keyof typeof found]])), expected);
}

function messageOf({ warnings }: RunResult, code: string): string {
  return warnings.find((warning) => warning.code === code)?.message ?? '';
}

const parentTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'parent',
  to: 'parent',
  columns: [
    { from: 'id', to: 'id', type: 'bigint', nullable: false },
    { from: 'mail', to: 'mail', type: 'text' },
  ],
  primaryKey: ['id'],
};

const childTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'child',
  to: 'child',
  columns: [
    { from: 'id', to: 'id', type: 'bigint', nullable: false },
    { from: 'parent_id', to: 'parent_id', type: 'bigint' },
    { from: 'boss', to: 'boss', type: 'bigint' },
  ],
  primaryKey: ['id'],
  foreignKeys: [
    { columns: ['parent_id'], references: 'parent', referencesColumns: ['id'] },
    { columns: ['boss'], references: 'child', referencesColumns: ['id'] },
  ],
};
