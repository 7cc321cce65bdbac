import assert from 'node:assert/strict';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { cancelInTheMiddle } from '../../helpers/cancel-in-the-middle.ts';
import { describeOnBothTargets, itemTable, storePlan } from '../../helpers/engine.ts';
import { ask, assertProved, contents, execute, rollBack } from '../../helpers/existing-tables.ts';

const rows = 60_000;
/** About 130 bytes a row: several chunks. */
const seed = `CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
  INSERT INTO item SELECT i, 'item ' || i || printf('%.*c', 200, '-'), i / 8.0 FROM n;`;

describeOnBothTargets('resume of modes into tables that exist', (withBench) => {
  for (const mode of ['append', 'upsert', 'replace', 'sync'] as const) {
    it(`S45 ${mode}: goes on behind the last committed chunk, no row twice or lost; a view that depends on the table stays; roll back gives back what was there`, () =>
      withBench(seed, async (bench) => {
        // Behind the keys of the store for append, among them for the others.
        const first = mode === 'append' ? rows : rows / 2;
        await execute(
          bench,
          `CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight float8, extra text DEFAULT 'new');
           INSERT INTO public.item SELECT i, 'mine', NULL, 'mine' FROM generate_series(${first} + 1, ${first} + ${rows}) AS i`,
          'CREATE VIEW public.mine AS SELECT * FROM public.item WHERE extra IS NOT NULL',
        );
        const before = await contents(bench);
        const plan = storePlan([itemTable], { mode });
        const runId = await cancelInTheMiddle(bench, plan, { overrides: { jobs: 1 } });
        const result = await bench.run(plan, { resume: true });
        assert.equal(result.runId, runId);
        assertProved(result, rows);
        const expected = { append: 2 * rows, upsert: 1.5 * rows, replace: rows, sync: 1.5 * rows }[mode];
        assert.deepEqual(
          await ask(
            bench,
            'SELECT count(*) FROM public.mine',
            `SELECT count(*) FROM public.item WHERE id <= ${rows} AND weight = id / 8.0`,
          ),
          [[String(expected)], [String(rows)]],
        );
        await rollBack(bench, runId);
        assert.deepEqual(await contents(bench), before);
      }));
  }

  it('ranges are loaded side by side, but rows that refer to rows before them in order', () =>
    withBench(
      `${seed} CREATE TABLE chain (id INTEGER PRIMARY KEY, before INTEGER REFERENCES chain); INSERT INTO chain SELECT id, nullif(id - 1, 0) FROM item;`,
      async (bench) => {
        await execute(
          bench,
          'CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight float8)',
          'CREATE TABLE public.chain (id bigint PRIMARY KEY, before bigint UNIQUE REFERENCES public.chain)',
        );
        const before = await contents(bench);
        const result = await bench.run(storePlan([itemTable, chainTable], { mode: 'append', jobs: 3 }));
        assertProved(result, 2 * rows);
        const [ranges] = await ask(bench, `SELECT count(*) > 1 FROM sluice.checkpoint GROUP BY table_label ORDER BY table_label`);
        assert.deepEqual(ranges, ['false', bench.choice.kind === 'postgres' ? 'true' : 'false']);
        await rollBack(bench, result.runId);
        assert.deepEqual(await contents(bench), before);
      },
    ));

  it('a run that was cancelled in the middle is rolled back as it stands', () =>
    withBench(seed, async (bench) => {
      await execute(
        bench,
        `CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight float8); INSERT INTO public.item VALUES (1, 'mine', 1), (-5, 'mine', 5)`,
      );
      const before = await contents(bench);
      const runId = await cancelInTheMiddle(bench, storePlan([itemTable], { mode: 'replace' }), { overrides: { jobs: 1 } });
      await rollBack(bench, runId);
      assert.deepEqual(await contents(bench), before);
    }));
});

const chainTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'chain',
  to: 'chain',
  columns: [
    { from: 'id', to: 'id', type: 'bigint', nullable: false },
    { from: 'before', to: 'before', type: 'bigint' },
  ],
  primaryKey: ['id'],
};
