import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { readRunReport, retryRejects, type RunResult } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { cancelInTheMiddle } from '../../helpers/cancel-in-the-middle.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan, type Bench } from '../../helpers/engine.ts';
import { execute } from '../../helpers/existing-tables.ts';

type PlanTable = PlanInput['tables'][number];

const options = { onReject: 'quarantine', nulBytes: 'strip' } as const;

/** Every third weight is an empty text, which becomes NULL; every fifth name has a NUL, which is stripped. */
const changes = `UPDATE item SET weight = '' WHERE id % 3 = 0; UPDATE item SET name = 'nul' || char(0) || id WHERE id % 5 = 0;`;

const checked = (expression: string): PlanTable => ({ ...itemTable, checks: [{ name: 'sound', expression }] });

describeOnBothTargets('changes are counted in the rows that stay', (withBench) => {
  it('not in rows that only the server refuses, wherever they are in a chunk', () =>
    withBench(`${itemsSeed(5_000)} ${changes}`, async (bench) => {
      const result = await bench.run(storePlan([checked('id % 7 <> 0 AND id <= 4900')], options));
      assert.equal(result.verification.status, 'match');
      assertCounts(bench, result, 'id % 7 <> 0 AND id <= 4900');
      const report = await readRunReport(bench.choice, String(result.runId), bench.deps);
      assert.deepEqual(report.losses, result.losses, 'the report, which is read from the target, says the same');
    }));

  it('not at all when every changed row is refused', () =>
    withBench(`${itemsSeed(60)} ${changes}`, async (bench) => {
      const result = await bench.run(storePlan([checked('id % 3 <> 0 AND id % 5 <> 0')], options));
      assert.deepEqual([result.rejects, result.losses], [28, []]);
      assert.deepEqual(await bench.target.query('SELECT counts::text FROM sluice.checkpoint'), ['{}']);
    }));

  it('not in rows that are taken out afterwards because they break a key, beside rows that the server refused', () =>
    withBench(
      `CREATE TABLE item (id INT, name TEXT, weight REAL);
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) INSERT INTO item SELECT (i + 1) / 2, 'item ' || i, i / 8.0 FROM n;
       UPDATE item SET weight = '' WHERE rowid % 3 = 0; UPDATE item SET name = 'nul' || char(0) WHERE rowid % 5 = 0;`,
      async (bench) => {
        const [id, ...others] = itemTable.columns ?? [];
        const columns = [{ from: 'id', to: id!.to, type: 'bigint', nullable: false }, ...others];
        const result = await bench.run(storePlan([{ ...checked('id % 7 <> 0'), columns }], options));
        assert.deepEqual([result.verification.status, result.tables[0]?.rowsWritten], ['match', 450 - 64]);
        assertCounts(bench, result, 'id % 7 <> 0 AND rowid % 2 = 1');
      },
    ));

  it('not in rows that a retry converts and the server still refuses; those that go in are added', () =>
    withBench(`${itemsSeed(300)} ${changes} UPDATE item SET weight = 'heavy' WHERE id % 10 = 0;`, async (bench) => {
      const table = checked('id % 20 <> 0');
      const { runId, losses } = await bench.run(storePlan([table], options));
      assertCounts(bench, { losses }, 'id % 10 <> 0');
      const columns = (table.columns ?? []).map((column) => (column.to === 'weight' ? { ...column, nullTokens: ['heavy'] } : column));
      const request = {
        runId: String(runId),
        target: bench.choice,
        plan: { text: JSON.stringify(storePlan([{ ...table, columns }], options)), path: `${bench.folder}/store.sluice.json` },
        signal: new AbortController().signal,
      };
      const { retried, rejects, result } = await retryRejects(request, bench.deps);
      assert.deepEqual([retried, rejects.length, result.verification.status], [15, 15, 'match']);
      assertCounts(bench, result, 'id % 20 <> 0');
    }));

  it('once, when a run is cancelled between its chunks and resumed', () =>
    withBench(`${itemsSeed(200_000)} ${changes}`, async (bench) => {
      const plan = storePlan([checked('id % 1000 <> 15')], options);
      await cancelInTheMiddle(bench, plan);
      const result = await bench.run(plan, { resume: true });
      assert.deepEqual([result.rejects, result.verification.status], [200, 'match']);
      assertCounts(bench, result, 'id % 1000 <> 15');
    }));

  it('not in rows whose key is taken in the table that they are appended to', () =>
    withBench(`${itemsSeed(300)} ${changes}`, async (bench) => {
      await execute(
        bench,
        'CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight double precision)',
        'INSERT INTO public.item SELECT n, NULL, NULL FROM generate_series(1, 100) AS n',
      );
      const result = await bench.run(storePlan([itemTable], { ...options, mode: 'append' }));
      assert.deepEqual([result.rejects, result.verification.status], [100, 'match']);
      assertCounts(bench, result, 'id > 100');
    }));

  it('in rows that wait for their parents when these come, and not when they never do', () =>
    withBench(
      `${itemsSeed(120)} ${changes} ALTER TABLE item ADD COLUMN next INTEGER; ALTER TABLE item ADD COLUMN pad TEXT;
       UPDATE item SET pad = printf('%.*c', 100000, '-'), next = CASE id WHEN 120 THEN NULL WHEN 70 THEN 9999 ELSE id + 1 END;`,
      async (bench) => {
        await execute(
          bench,
          'CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight double precision, next bigint REFERENCES public.item, pad text)',
        );
        const more = [
          { from: 'next', to: 'next', type: 'bigint' },
          { from: 'pad', to: 'pad', type: 'text' },
        ];
        const table = { ...itemTable, columns: [...(itemTable.columns ?? []), ...more] };
        const result = await bench.run(storePlan([table], { ...options, mode: 'append' }));
        assert.deepEqual([result.rejects, result.verification.status], [70, 'match']);
        assertCounts(bench, result, 'id > 70');
      },
    ));
});

/** The counts are those that SQLite itself finds in the rows that stay. */
function assertCounts(bench: Bench, { losses }: Pick<RunResult, 'losses'>, stays: string): void {
  const database = new Database(bench.store, { readonly: true });
  const count = (change: string): number =>
    Number(database.prepare<[], number>(`SELECT count(*) FROM item WHERE (${change}) AND (${stays})`).pluck().get());
  const expected = {
    'name: NUL stripped': count("name LIKE 'nul%'"),
    'weight: empty as null': count("weight = ''"),
    'weight: null token': count("weight = 'heavy'"),
  };
  database.close();
  assert.deepEqual(
    Object.fromEntries(losses.map(({ column, loss, values }) => [`${column}: ${loss}`, values])),
    Object.fromEntries(Object.entries(expected).filter(([, values]) => values > 0)),
  );
}
