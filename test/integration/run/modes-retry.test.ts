import assert from 'node:assert/strict';
import { retryRejects, type RetryResult } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan, type Bench } from '../../helpers/engine.ts';
import { ask, assertProved, contents, execute, failsWith, rollBack } from '../../helpers/existing-tables.ts';

const modes = ['append', 'upsert', 'replace'] as const;

describeOnBothTargets('retry of rejected rows in tables that exist', (withBench) => {
  for (const mode of modes) {
    it(`${mode}: rows go in after the plan is mended, the table is not altered, and roll back gives back what was there`, () =>
      withBench(`${itemsSeed(300)} UPDATE item SET weight = CASE WHEN id % 100 = 0 THEN 'heavy ' || id END;`, async (bench) => {
        await execute(
          bench,
          `CREATE TABLE public.item (id bigint PRIMARY KEY, name varchar(100), weight text, extra text DEFAULT 'new');
           INSERT INTO public.item VALUES ${mode === 'append' ? '' : `(100, 'old', 'old', 'mine'), (5, 'old', 'old', 'mine'), `}(1000, 'old', 'old', 'mine')`,
        );
        const before = await contents(bench);
        const plan = storePlan([itemTable], { mode, onReject: 'quarantine' });
        const { runId, rejects } = await bench.run(plan);
        assert.equal(rejects, 3);
        const mended = storePlan([withWeight('text')], { mode, onReject: 'quarantine' });
        const result = await retry(bench, runId, mended);
        assert.equal(result.retried, 3);
        assertProved(result.result, 300);
        const [rows, open, types, ledger] = await ask(
          bench,
          `SELECT concat_ws(' ', id, name, weight, extra) FROM public.item WHERE id IN (100, 200) ORDER BY id`,
          'SELECT count(*) FROM sluice.reject WHERE retried_in IS NULL',
          `SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'public.item'::regclass AND attnum > 0 ORDER BY attnum`,
          'SELECT count(*) FROM sluice.undo WHERE digest IS NOT NULL',
        );
        assert.deepEqual(rows, [`100 item 100 heavy 100 ${mode === 'upsert' ? 'mine' : 'new'}`, '200 item 200 heavy 200 new']);
        assert.deepEqual([open, types, ledger], [['0'], ['bigint', 'character varying(100)', 'text', 'text'], ['300']]);
        await rollBack(bench, runId);
        assert.deepEqual(await contents(bench), before);
      }));
  }

  it('append: a row goes in when the row in its way is gone, one that is still in its way keeps it out, and roll back takes both parts of the run out', () =>
    withBench(itemsSeed(50), async (bench) => {
      await execute(
        bench,
        `CREATE TABLE public.item (id bigint PRIMARY KEY, name text UNIQUE, weight float8);
         INSERT INTO public.item VALUES (7, 'mine', 7), (8, 'mine too', 8), (1000, 'item 9', 9)`,
      );
      const { runId } = await bench.run(storePlan([itemTable], { mode: 'append', onReject: 'quarantine' }));
      await execute(bench, 'DELETE FROM public.item WHERE id IN (7, 1000)');
      const before = await ask(bench, `SELECT t::text FROM public.item AS t WHERE name LIKE 'mine%'`);
      const result = await retry(bench, runId, null);
      assert.equal(result.retried, 2);
      assert.deepEqual(
        result.rejects.map(({ provenance, message }) => [provenance, /\(id\)=\(8\)/.test(message)]),
        [['rowid 8', true]],
      );
      assertProved(result.result, 49, 1);
      assert.deepEqual(await ask(bench, 'SELECT id FROM public.item WHERE id IN (7, 8, 9, 1000) ORDER BY id'), [['7', '8', '9']]);
      assert.equal((await rollBack(bench, runId)).deletedRows, 49);
      assert.deepEqual(await ask(bench, 'SELECT t::text FROM public.item AS t'), before);
    }));

  it('upsert: a row that a retry writes is overwritten and restored like any other', () =>
    withBench(`${itemsSeed(20)} UPDATE item SET name = NULL WHERE id = 3;`, async (bench) => {
      await execute(
        bench,
        `CREATE TABLE public.item (id bigint PRIMARY KEY, name text NOT NULL, weight float8); INSERT INTO public.item VALUES (3, 'mine', 33)`,
      );
      const before = await contents(bench);
      const { runId } = await bench.run(storePlan([itemTable], { mode: 'upsert', onReject: 'quarantine' }));
      await execute(bench, 'ALTER TABLE public.item ALTER name DROP NOT NULL');
      const result = await retry(bench, runId, null);
      assertProved(result.result, 20);
      assert.equal(result.status, 'done');
      await assert.rejects(retry(bench, runId, storePlan([itemTable], { mode: 'append' })), failsWith('mended-too-far', /mode/));
      assert.equal((await rollBack(bench, runId)).restoredRows, 1);
      assert.deepEqual(await contents(bench), before);
    }));

  it('two rejected rows that need each other stay rejected and say why; a run in mode upsert lets them in', () =>
    withBench(
      `CREATE TABLE dept (id INTEGER PRIMARY KEY, head INTEGER); CREATE TABLE member (id INTEGER PRIMARY KEY, dept INTEGER, weight TEXT);
       INSERT INTO dept VALUES (1, 1), (2, 2); INSERT INTO member VALUES (1, 1, 'heavy'), (2, 2, '2');`,
      async (bench) => {
        await execute(
          bench,
          `CREATE TABLE public.dept (id bigint PRIMARY KEY, head bigint NOT NULL);
           CREATE TABLE public.member (id bigint PRIMARY KEY, dept bigint NOT NULL REFERENCES public.dept, weight text);
           ALTER TABLE public.dept ADD FOREIGN KEY (head) REFERENCES public.member`,
        );
        const plan = (weight: string, mode: 'append' | 'upsert'): PlanInput =>
          storePlan([planned('dept', { head: 'bigint' }), planned('member', { dept: 'bigint', weight })], { mode, onReject: 'quarantine' });
        const first = await bench.run(plan('float8', 'append'));
        assertProved(first, 2, 2);
        const retried = await retry(bench, first.runId, plan('text', 'append'));
        assert.deepEqual([retried.retried, retried.rejects.length], [0, 2]);
        for (const { message } of retried.rejects) assert.match(message, /violates foreign key constraint/);
        assertProved(retried.result, 2, 2);
        const second = await bench.run(plan('text', 'upsert'));
        assertProved(second, 4);
        await rollBack(bench, second.runId);
        assert.deepEqual(await ask(bench, 'SELECT id FROM public.dept', 'SELECT id FROM public.member'), [['2'], ['2']]);
      },
    ));

  it('refuses a mended plan that the table cannot take, another key, and a run that remembers nothing', () =>
    withBench(`${itemsSeed(20)} UPDATE item SET weight = 'heavy' WHERE id = 3;`, async (bench) => {
      await execute(bench, 'CREATE TABLE public.item (id bigint PRIMARY KEY, name text UNIQUE NOT NULL, weight float8)');
      const upsert = { mode: 'upsert', onReject: 'quarantine' } as const;
      const withNamed = {
        ...itemTable,
        columns: (itemTable.columns ?? []).map((column) => ({ ...column, nullable: column.to === 'weight' })),
      };
      const { runId } = await bench.run(storePlan([withNamed], upsert));
      await assert.rejects(retry(bench, runId, storePlan([withWeight('text')], upsert)), failsWith('existing-table-unfit', /weight/));
      const named = { ...withNamed, primaryKey: ['name'] };
      await assert.rejects(retry(bench, runId, storePlan([named], upsert)), failsWith('mended-too-far', /another key/));
      await rollBack(bench, runId);
      const forgetful = await bench.run(storePlan([itemTable], upsert), { overrides: { undo: false } });
      await assert.rejects(retry(bench, forgetful.runId, null), failsWith('run-without-undo'));
    }));
});

function withWeight(type: string): PlanInput['tables'][number] {
  return { ...itemTable, columns: (itemTable.columns ?? []).map((column) => (column.to === 'weight' ? { ...column, type } : column)) };
}

/** A table whose key is `id`. */
function planned(name: string, types: Readonly<Record<string, string>>): PlanInput['tables'][number] {
  const columns = Object.entries({ id: 'bigint', ...types }).map(([to, type]) => ({ from: to, to, type, nullable: to !== 'id' }));
  return { source: 'main', from: name, to: name, columns, primaryKey: ['id'] };
}

function retry(bench: Bench, runId: string | null, plan: PlanInput | null): Promise<RetryResult> {
  return retryRejects(
    {
      runId: String(runId),
      target: bench.choice,
      plan: plan === null ? null : { text: JSON.stringify(plan), path: `${bench.folder}/store.sluice.json` },
      signal: new AbortController().signal,
    },
    bench.deps,
  );
}
