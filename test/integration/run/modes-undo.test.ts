import assert from 'node:assert/strict';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan } from '../../helpers/engine.ts';
import { ask, assertProved, contents, execute, failsWith, rollBack } from '../../helpers/existing-tables.ts';

describeOnBothTargets('roll back of upserts', (withBench) => {
  it('gives unique values back that rows have passed on to each other, to a row that is new and over chunks', () =>
    withBench(
      `CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL); CREATE TABLE tag (id INTEGER PRIMARY KEY, item INTEGER, pad TEXT);
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 101) INSERT INTO item SELECT i, 'name ' || (i - 1), i FROM n;
       INSERT INTO tag SELECT id, 102 - id, printf('%.*c', 100000, '-') FROM item;`,
      async (bench) => {
        // Item i takes the name of the one before it; item 101 is new and has the last name. Tags move on to other items, one of them to the new one.
        await execute(
          bench,
          `CREATE TABLE public.item (id bigint PRIMARY KEY, name text UNIQUE, weight float8, upper text GENERATED ALWAYS AS (upper(name)) STORED UNIQUE);
           INSERT INTO public.item (id, name) SELECT i, 'name ' || i FROM generate_series(1, 100) AS i`,
          `CREATE TABLE public.tag (id bigint PRIMARY KEY, item bigint NOT NULL UNIQUE REFERENCES public.item ON DELETE CASCADE, pad text);
           INSERT INTO public.tag SELECT i, i, 'mine' FROM generate_series(60, 90) AS i`,
          'DELETE FROM public.tag WHERE item BETWEEN 1 AND 59',
        );
        const before = await contents(bench);
        const result = await bench.run(storePlan([itemTable, tagTable], { mode: 'upsert', onReject: 'quarantine' }));
        assert.equal(result.verification.status, 'match');
        assert.equal(result.tables.find(({ to }) => to === 'public.item')?.rowsWritten, 101);
        const undone = await rollBack(bench, result.runId);
        assert.ok(undone.restoredRows > 100, String(undone.restoredRows));
        assert.deepEqual(await contents(bench), before);
      },
    ));

  it('does not take for a change of others what a trigger writes into a row while the run writes it', () =>
    withBench(
      `CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL); INSERT INTO item VALUES (1, 'one', 1), (2, 'two', 2), (3, 'three', 3);`,
      async (bench) => {
        await execute(
          bench,
          `CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight float8, updated_at timestamptz NOT NULL DEFAULT '2001-01-01', stamps int NOT NULL DEFAULT 0);
           INSERT INTO public.item VALUES (1, 'mine', 1), (2, 'mine', 2)`,
          `CREATE FUNCTION public.stamp() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN NEW.updated_at := clock_timestamp(); NEW.stamps := coalesce(NEW.stamps, 0) + 1; RETURN NEW; END $$`,
          'CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON public.item FOR EACH ROW EXECUTE FUNCTION public.stamp()',
        );
        const before = await contents(bench);
        const added = await bench.run(storePlan([itemTable], { mode: 'replace' }));
        assertProved(added, 3);
        assert.deepEqual(await ask(bench, `SELECT count(*) FROM public.item WHERE updated_at > '2002-01-01' AND stamps = 1`), [['3']]);
        // What the trigger would make of restored rows is another matter: it has to be told.
        await assert.rejects(rollBack(bench, added.runId), failsWith('roll-back-blocked', /trigger/));
        await execute(bench, 'ALTER TABLE public.item DISABLE TRIGGER stamp');
        await rollBack(bench, added.runId);
        assert.deepEqual(await contents(bench), before);

        await execute(bench, 'ALTER TABLE public.item ENABLE TRIGGER stamp');
        const result = await bench.run(storePlan([itemTable], { mode: 'upsert' }));
        assertProved(result, 3);
        await execute(bench, 'ALTER TABLE public.item DISABLE TRIGGER stamp');
        assert.equal((await rollBack(bench, result.runId)).restoredRows, 2);
        assert.deepEqual(await contents(bench), before);
      },
    ));

  it('says of a large table that refers to one of the run and has no index for it that deleting will be slow', () =>
    withBench(itemsSeed(3), async (bench) => {
      await execute(
        bench,
        'CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight float8); INSERT INTO public.item VALUES (1000, NULL, NULL)',
        `CREATE TABLE public.mine (id bigint, item bigint REFERENCES public.item, again bigint REFERENCES public.item);
         INSERT INTO public.mine SELECT i, 1000, 1000 FROM generate_series(1, 40000) AS i; CREATE INDEX ON public.mine (again, id)`,
      );
      const { warnings } = await bench.run(storePlan([itemTable], { mode: 'append' }));
      assert.deepEqual(
        warnings.map(({ code, table, message }) => [code, table, /\(item\)/.test(message)]),
        [['unindexed-reference', 'public.item', true]],
      );
    }));
});

const tagTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'tag',
  to: 'tag',
  columns: [
    { from: 'id', to: 'id', type: 'bigint', nullable: false },
    { from: 'item', to: 'item', type: 'bigint' },
    { from: 'pad', to: 'pad', type: 'text' },
  ],
  primaryKey: ['id'],
};
