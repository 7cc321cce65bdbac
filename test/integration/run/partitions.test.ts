import assert from 'node:assert/strict';
import { diffSchemas } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { cancelInTheMiddle } from '../../helpers/cancel-in-the-middle.ts';
import { describeOnBothTargets, itemTable, itemsSeed, storePlan } from '../../helpers/engine.ts';
import { ask, assertProved, contents, execute, failsWith, rollBack } from '../../helpers/existing-tables.ts';

type TableInput = PlanInput['tables'][number];

function bySteps(more: Partial<TableInput> = {}): TableInput {
  return { ...itemTable, partitionBy: { strategy: 'range', column: 'id', every: 20_000 }, ...more };
}

/** As an application would have made it, without a default partition. */
const existingItem = `CREATE TABLE public.item (id bigint, name text, weight float8, extra text DEFAULT 'new', PRIMARY KEY (id)) PARTITION BY RANGE (id);
  CREATE TABLE public.low PARTITION OF public.item FOR VALUES FROM (0) TO (500); CREATE TABLE public.high PARTITION OF public.item FOR VALUES FROM (500) TO (2000);
  INSERT INTO public.item SELECT i, 'mine', NULL, 'mine' FROM generate_series(401, 1500, 100) AS i;`;

describeOnBothTargets('partitioned tables', (withBench) => {
  it('S45 a run that is cancelled while it makes partitions, and again while it loads, has the same partitions when it is resumed', function () {
    this.timeout(300_000);
    return withBench(itemsSeed(200_000), async (bench) => {
      const plan = storePlan([bySteps()]);
      const controller = new AbortController();
      // The default one comes last: until then the rows of the source would have nowhere to go.
      bench.watch((event) => void (event.type === 'phase' && event.phase === 'pre-data' && controller.abort()));
      await assert.rejects(bench.run(plan, { signal: controller.signal }), failsWith('cancelled'));
      bench.watch(() => undefined);
      bench.events.length = 0;
      const runId = await cancelInTheMiddle(bench, plan, { resume: true });
      const result = await bench.run(plan, { resume: true });
      assert.equal(result.runId, runId);
      assertProved(result, 200_000);
      const parts = result.tables[0]?.partitions ?? [];
      assert.deepEqual(
        [parts.length, parts[0], parts.at(-2), parts.at(-1)],
        [
          12,
          { name: 'item_0', rows: 19_999, isDefault: false },
          { name: 'item_200000', rows: 1, isDefault: false },
          { name: 'item_default', rows: 0, isDefault: true },
        ],
      );
      await assert.rejects(bench.run(plan), failsWith('table-exists', /public\.item/));
      const { dropped } = await rollBack(bench, runId, true);
      assert.equal(dropped.filter((name) => name.startsWith('partition ')).length, 12);
      assert.deepEqual(await ask(bench, `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`), [[]]);
    });
  });

  for (const mode of ['append', 'upsert', 'replace'] as const) {
    it(`${mode} into a partitioned table that exists; roll back gives back what was there`, () =>
      withBench(itemsSeed(1_000), async (bench) => {
        await execute(bench, ...existingItem.split(';').filter((sql) => sql.trim() !== ''));
        const before = await contents(bench);
        const result = await bench.run(storePlan([bySteps()], { mode, onReject: 'quarantine' }));
        const clashes = mode === 'append' ? 6 : 0;
        assertProved(result, 1_000 - clashes, clashes);
        const there = { append: 1_005, upsert: 1_005, replace: 1_000 }[mode];
        assert.deepEqual(await ask(bench, 'SELECT count(*) FROM public.item', 'SELECT count(*) FROM public.low'), [
          [String(there)],
          ['499'],
        ]);
        await rollBack(bench, result.runId);
        assert.deepEqual(await contents(bench), before);
      }));
  }

  it('rows that no partition of a table that exists takes are set aside, or stop the run by name', () =>
    withBench(itemsSeed(2_003), async (bench) => {
      await execute(bench, ...existingItem.split(';').filter((sql) => sql.trim() !== ''), 'DELETE FROM public.item');
      const plan = storePlan([itemTable], { mode: 'append' });
      await assert.rejects(bench.run(plan), failsWith('row-refused-by-server', /rowid 2000/));
      const [failed] = await ask(bench, `SELECT run_id FROM sluice.run WHERE status = 'failed'`);
      await rollBack(bench, failed?.[0] ?? null);
      const result = await bench.run(storePlan([itemTable], { mode: 'append', onReject: 'quarantine' }));
      assertProved(result, 1_999, 4);
      assert.deepEqual(await ask(bench, `SELECT DISTINCT code FROM sluice.reject`), [['no-partition']]);
    }));

  it('more partitions than the server has locks for are refused before anything is made', () =>
    withBench(itemsSeed(3_500), async (bench) => {
      const plan = storePlan([{ ...itemTable, partitionBy: { strategy: 'range', column: 'id', every: 1 } }]);
      await assert.rejects(
        bench.run(plan),
        failsWith('partitions-beyond-locks', /The 3501 partitions of public\.item need about 7004 locks/),
      );
      assert.deepEqual(await ask(bench, `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`), [[]]);
    }));

  it('a table that is there and not partitioned stays so, and both the run and the diff say it', () =>
    withBench(itemsSeed(10), async (bench) => {
      await execute(bench, 'CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight float8)');
      const plan = storePlan([bySteps()], { mode: 'append' });
      const input = { text: JSON.stringify(plan), path: `${bench.folder}/x.sluice.json` };
      const diff = await diffSchemas({ input, target: bench.choice, signal: new AbortController().signal }, bench.deps);
      assert.deepEqual(
        diff.alters.filter(({ kind }) => kind === 'table').map(({ before, after }) => [before, after]),
        [['not partitioned', 'PARTITION BY RANGE (id)']],
      );
      assert.match(diff.warnings.find(({ code }) => code === 'partitions-kept')?.message ?? '', /no statement changes that/);
      assert.ok(diff.statements.every(({ sql }) => !sql.includes('PARTITION')));
      const result = await bench.run(plan);
      assertProved(result, 10);
      assert.ok(result.warnings.some(({ code }) => code === 'partitions-kept'));
    }));
});
