import assert from 'node:assert/strict';
import { MigrationError, type EngineEvent } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { describeOnBothTargets, itemTable, storePlan, type Bench } from '../../helpers/engine.ts';
import { ask, assertProved, contents, execute, rollBack } from '../../helpers/existing-tables.ts';

const rows = 60_000;
/** About 130 bytes a row: several chunks. */
const seed = `CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
  INSERT INTO item SELECT i, 'item ' || i || printf('%.*c', 200, '-'), i / 8.0 FROM n;`;

describeOnBothTargets('resume of modes into tables that exist', (withBench) => {
  for (const mode of ['append', 'upsert', 'replace'] as const) {
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
        const runId = await cancelInTheMiddle(bench, plan);
        const result = await bench.run(plan, { resume: true });
        assert.equal(result.runId, runId);
        assertProved(result, rows);
        const expected = { append: 2 * rows, upsert: 1.5 * rows, replace: rows }[mode];
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

  it('a run that was cancelled in the middle is rolled back as it stands', () =>
    withBench(seed, async (bench) => {
      await execute(
        bench,
        `CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight float8); INSERT INTO public.item VALUES (1, 'mine', 1), (-5, 'mine', 5)`,
      );
      const before = await contents(bench);
      const runId = await cancelInTheMiddle(bench, storePlan([itemTable], { mode: 'replace' }));
      await rollBack(bench, runId);
      assert.deepEqual(await contents(bench), before);
    }));
});

/** Aborts once the first chunk is committed; gives the run's id. */
async function cancelInTheMiddle(bench: Bench, plan: PlanInput): Promise<string> {
  const controller = new AbortController();
  const isLoading = (event: EngineEvent): boolean => event.type === 'progress' && event.phase === 'data' && event.rows > 0;
  const watch = setInterval(() => {
    if (bench.events.some(isLoading)) controller.abort();
  }, 5);
  try {
    await bench.run(plan, { signal: controller.signal, overrides: { jobs: 1 } });
  } catch (error) {
    assert.ok(error instanceof MigrationError && error.code === 'cancelled', String(error));
    return String(error.context['runId']);
  } finally {
    clearInterval(watch);
  }
  throw new assert.AssertionError({ message: 'the run ended before it was cancelled' });
}
