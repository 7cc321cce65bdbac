import assert from 'node:assert/strict';
import { readRunReport } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { renderMarkdown } from '../../../src/core/report/render-markdown.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan } from '../../helpers/engine.ts';
import { ask, assertProved, contents, execute, failsWith, rollBack } from '../../helpers/existing-tables.ts';

/** As an application's own migrations would have made it: other types, other columns, an order of its own. */
const existingItem = `CREATE TABLE public.item (
    extra text DEFAULT 'new', id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(100), weight numeric,
    doubled numeric GENERATED ALWAYS AS (weight * 2) STORED, note json);
  INSERT INTO public.item (id, extra, name, weight, note) OVERRIDING SYSTEM VALUE
    VALUES (1000, 'mine', 'old', 1.50, '{ "a" : 1, "a" : 2 }'), (7, 'mine', 'seven', 7.770, '[1,  2]'), (8, NULL, NULL, NULL, NULL);`;

describeOnBothTargets('modes into tables that exist', (withBench) => {
  it('append adds the rows and leaves extra columns to their defaults; a clash stops or is set aside; roll back gives back what was there', () =>
    withBench(itemsSeed(1_000), async (bench) => {
      await execute(bench, existingItem);
      const before = await contents(bench);
      // Row 7 and 8 of the store are there already, and so is 1000.
      await assert.rejects(
        bench.run(storePlan([itemTable], { mode: 'append' })),
        failsWith('row-refused-by-server', /rowid 7/, /\(id\)=\(7\)/),
      );
      const failed = await ask(bench, `SELECT run_id FROM sluice.run WHERE status = 'failed'`);
      assert.deepEqual((await rollBack(bench, failed[0]?.[0] ?? null)).deletedRows, 0);

      const result = await bench.run(storePlan([itemTable], { mode: 'append', onReject: 'quarantine' }));
      assertProved(result, 997, 3);
      assert.deepEqual(result.tables[0]?.existing, { mode: 'append', inserted: 997, updated: 0, deleted: 0, leftAlone: 3 });
      assert.deepEqual(
        await ask(
          bench,
          `SELECT concat_ws(' ', count(*), extra) FROM public.item GROUP BY extra ORDER BY 1`,
          `SELECT provenance FROM sluice.reject ORDER BY 1`,
        ),
        [
          ['1', '2 mine', '997 new'],
          ['rowid 1000', 'rowid 7', 'rowid 8'],
        ],
      );
      const undone = await rollBack(bench, result.runId);
      assert.deepEqual([undone.dropped, undone.restoredRows, undone.deletedRows], [[], 0, 997]);
      assert.deepEqual(await contents(bench), before);
    }));

  it('upsert overwrites the columns of the plan only; roll back gives back what was there; numbering goes on behind the rows', () =>
    withBench(itemsSeed(1_200), async (bench) => {
      await execute(bench, existingItem);
      const before = await contents(bench);
      const result = await bench.run(storePlan([itemTable], { mode: 'upsert' }));
      assertProved(result, 1_200);
      assert.deepEqual(result.tables[0]?.existing, { mode: 'upsert', inserted: 1_197, updated: 3, deleted: 0, leftAlone: 0 });
      const [rows, next] = await ask(
        bench,
        `SELECT concat_ws(' ', id, extra, name, weight, doubled, note) FROM public.item WHERE id IN (7, 8, 1000) ORDER BY id`,
        `INSERT INTO public.item (name) VALUES ('next') RETURNING id`,
      );
      assert.deepEqual(rows, ['7 mine item 7 0.875 1.750 [1,  2]', '8 item 8 1 2', '1000 mine item 1000 125 250 { "a" : 1, "a" : 2 }']);
      assert.deepEqual(next, ['1201']);
      await execute(bench, 'DELETE FROM public.item WHERE id = 1201');
      const undone = await rollBack(bench, result.runId);
      assert.deepEqual([undone.restoredRows, undone.deletedRows], [3, 1_197]);
      assert.deepEqual(await contents(bench), before);
    }));

  it('replace deletes the rows that were there and never the table; roll back gives them back', () =>
    withBench(itemsSeed(1_000), async (bench) => {
      await execute(bench, existingItem, 'CREATE VIEW public.heavy AS SELECT * FROM public.item');
      const before = await contents(bench);
      const result = await bench.run(storePlan([itemTable], { mode: 'replace' }));
      assertProved(result, 1_000);
      assert.deepEqual(result.tables[0]?.existing, { mode: 'replace', inserted: 1_000, updated: 0, deleted: 3, leftAlone: 0 });
      const report = renderMarkdown(await readRunReport(bench.choice, String(result.runId), bench.deps));
      assert.match(report, /\| public\.item +\| replace +\| +1,000 +\| +0 +\| +3 +\| +0 +\|/);
      assert.deepEqual(await ask(bench, 'SELECT count(*) FROM public.heavy', `SELECT count(*) FROM public.item WHERE extra = 'mine'`), [
        ['1000'],
        ['0'],
      ]);
      const undone = await rollBack(bench, result.runId, true);
      assert.deepEqual([undone.restoredRows, undone.deletedRows, undone.dropped], [3, 1_000, ['schema sluice']]);
      assert.deepEqual(await contents(bench), before);
    }));

  it('a table without any key is appended to: its rows are told by their content, however many are the same', () =>
    withBench(
      `CREATE TABLE log (line TEXT, n INTEGER); INSERT INTO log VALUES ('same', 1), ('same', 1), ('same', 1), ('other', NULL), (NULL, NULL);`,
      async (bench) => {
        await execute(
          bench,
          `CREATE TABLE public.log (line text, n integer, at date DEFAULT '2024-01-01'); INSERT INTO public.log VALUES ('same', 1), ('mine', 2);`,
        );
        const before = await contents(bench);
        const result = await bench.run(storePlan([logTable], { mode: 'append' }));
        assertProved(result, 5);
        assert.equal(result.verification.tables[0]?.targetRows, 5);
        await rollBack(bench, result.runId);
        assert.deepEqual(await contents(bench), before);
      },
    ));

  it('--no-undo: proved while it runs, then neither verified nor rolled back, and nothing is kept', () =>
    withBench(itemsSeed(100), async (bench) => {
      await execute(bench, existingItem);
      for (const mode of ['upsert', 'replace'] as const) {
        const result = await bench.run(storePlan([itemTable], { mode }), { overrides: { undo: false } });
        assertProved(result, 100);
        const { inserted, updated, deleted } = result.tables[0]?.existing ?? {};
        assert.deepEqual([inserted, updated, deleted], mode === 'upsert' ? [null, null, 0] : [100, 0, null]);
        await assert.rejects(rollBack(bench, result.runId), failsWith('run-without-undo', /--no-undo/));
      }
      assert.deepEqual(await ask(bench, 'SELECT count(*) FROM sluice.undo', 'SELECT count(*) FROM public.item'), [['0'], ['100']]);
    }));

  it('of two rows with one key the first is written and the second is a reject, in one chunk or in two', () =>
    withBench(
      `CREATE TABLE twice (id INTEGER, name TEXT);
       INSERT INTO twice VALUES (1, printf('%.*c', 2500000, 'a')), (2, printf('%.*c', 2500000, 'b')), (1, 'in the next chunk'), (3, 'c'), (3, 'at once'), (4, 'd');`,
      async (bench) => {
        await execute(bench, `CREATE TABLE public.twice (id bigint PRIMARY KEY, name text); INSERT INTO public.twice VALUES (4, 'mine')`);
        const before = await contents(bench);
        await assert.rejects(
          bench.run(storePlan([twiceTable], { mode: 'upsert' })),
          failsWith('row-refused-by-server', /rowid 3 of the source.*same key/),
        );
        const result = await bench.run(storePlan([twiceTable], { mode: 'upsert', onReject: 'quarantine' }));
        assertProved(result, 4, 2);
        assert.deepEqual(
          await ask(
            bench,
            `SELECT provenance || ': ' || message FROM sluice.reject WHERE run_id = '${String(result.runId)}' ORDER BY 1`,
            'SELECT left(name, 1) FROM public.twice ORDER BY id',
          ),
          [
            [
              'rowid 3: This run has written another row with the same key to public.twice already.',
              'rowid 5: This run has written another row with the same key to public.twice already.',
            ],
            ['a', 'b', 'c', 'd'],
          ],
        );
        await rollBack(bench, result.runId);
        const [first] = await ask(bench, `SELECT run_id FROM sluice.run WHERE status = 'failed'`);
        await rollBack(bench, first?.[0] ?? null);
        assert.deepEqual(await contents(bench), before);
      },
    ));

  it('gives back values of any type as they were, to the letter', () =>
    withBench(itemsSeed(3), async (bench) => {
      await execute(bench, awkwardItem);
      const before = await contents(bench);
      for (const mode of ['upsert', 'replace'] as const) {
        const result = await bench.run(storePlan([itemTable], { mode }));
        assertProved(result, 3);
        assert.equal((await rollBack(bench, result.runId)).restoredRows, mode === 'upsert' ? 2 : 3);
        assert.deepEqual(await contents(bench), before, mode);
      }
    }));

  it('tables that are not there are made as in mode create, beside those that are; foreign keys decide what is loaded first', () =>
    withBench(familySeed, async (bench) => {
      await execute(bench, existingFamily);
      const before = await contents(bench);
      for (const mode of ['append', 'upsert', 'replace'] as const) {
        const result = await bench.run(storePlan(familyTables, { mode }));
        assertProved(result, 300 + 300 + 50);
        assert.equal(result.warnings.find(({ code }) => code === 'triggers-fire')?.table, 'public.child');
        const undone = await rollBack(bench, result.runId);
        assert.ok(undone.dropped.includes('table public.toy') && !undone.dropped.includes('table public.child'), undone.dropped.join());
        assert.deepEqual(await contents(bench), before, mode);
      }
    }));
});

/** Rows 1 and 2 are in the store as well. */
const awkwardItem = String.raw`CREATE TYPE public.mood AS ENUM ('so', 'it''s'); CREATE TYPE public.pair AS (a text, b numeric); CREATE DOMAIN public.small AS integer CHECK (VALUE < 9);
  CREATE TABLE public.item (id bigint PRIMARY KEY, name char(30), weight float8, m money, i interval, z timestamptz, n numeric, f real, a text[], g integer[],
    p public.pair, ps public.pair[], r int8range, v tsvector, ip inet, c cidr, bits bit(5), j json, jb jsonb, q "char", k public.mood, s public.small,
    pt point, y bytea, o oid, d date, t timetz);
  INSERT INTO public.item VALUES
    (1, 'a', '-0', 12345.67, '1 year -2 days 03:04:05.678901', 'infinity', 'NaN', 1e-30, '{"a,b","{}",NULL,"NULL","q\"uote"}', '[0:2]={1,2,3}',
     '(",",1.50)', ARRAY['("a""b",)', NULL]::public.pair[], '(1,5]', 'fat:2A cat:1', '1.2.3.4/24', '10.0.0.0/8', B'10101', '{ "a":1, "a" : [ ] }',
     '{"b": 1.10, "a": null}', '(', 'it''s', 8, '(1,2.5)', '\x00ff27', 4000000000, '0044-03-15 BC', '12:34:56.5+05:30');
  INSERT INTO public.item (id) VALUES (2);
  INSERT INTO public.item VALUES
    (1000, E'tab\t\n', 'Infinity', -1, '-1 mons', '-infinity', 1e40, 'NaN', '{}', '{{1,2},{3,4}}', '(,)', '{}', 'empty', '', '::1', '::/0', B'00000', 'null',
     '"\\ \u00e9"', 'x', 'so', NULL, NULL, '', 0, 'infinity', NULL)`;

const twiceTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'twice',
  to: 'twice',
  columns: [
    { from: 'id', to: 'id', type: 'bigint', nullable: false },
    { from: 'name', to: 'name', type: 'text' },
  ],
  primaryKey: ['id'],
};

const logTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'log',
  to: 'log',
  columns: [
    { from: 'line', to: 'line', type: 'text' },
    { from: 'n', to: 'n', type: 'bigint' },
  ],
};

/** The child comes first by name and by size. */
const familySeed = `CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent, elder INTEGER REFERENCES child);
  CREATE TABLE toy (id INTEGER PRIMARY KEY, child_id INTEGER REFERENCES child);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO parent SELECT i, 'parent ' || i FROM n;
  INSERT INTO child SELECT id, 301 - id, CASE WHEN id < 300 THEN id + 1 END FROM parent;
  INSERT INTO toy SELECT id, id FROM child WHERE id <= 50;`;

const existingFamily = `CREATE TABLE public.parent (id integer PRIMARY KEY, name text, children integer NOT NULL DEFAULT 0);
  CREATE TABLE public.child (id integer PRIMARY KEY, parent_id integer NOT NULL REFERENCES public.parent ON DELETE CASCADE, elder integer REFERENCES public.child ON DELETE SET NULL);
  INSERT INTO public.parent VALUES (1001, 'mine', 5); INSERT INTO public.child VALUES (1001, 1001, 1001), (1002, 1001, 1001);
  CREATE TABLE public.seen (child integer);
  CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN NEW; END $$;
  CREATE TRIGGER see AFTER INSERT ON public.child FOR EACH ROW EXECUTE FUNCTION public.see();`;

const familyTables: PlanInput['tables'] = [
  {
    source: 'main',
    from: 'child',
    to: 'child',
    columns: [
      { from: 'id', to: 'id', type: 'bigint', nullable: false },
      { from: 'parent_id', to: 'parent_id', type: 'bigint' },
      { from: 'elder', to: 'elder', type: 'bigint' },
    ],
    primaryKey: ['id'],
    foreignKeys: [
      { columns: ['parent_id'], references: 'parent', referencesColumns: ['id'] },
      { columns: ['elder'], references: 'child', referencesColumns: ['id'] },
    ],
  },
  {
    source: 'main',
    from: 'parent',
    to: 'parent',
    columns: [
      { from: 'id', to: 'id', type: 'bigint', nullable: false },
      { from: 'name', to: 'name', type: 'text' },
    ],
    primaryKey: ['id'],
  },
  {
    source: 'main',
    from: 'toy',
    to: 'toy',
    columns: [
      { from: 'id', to: 'id', type: 'bigint', nullable: false },
      { from: 'child_id', to: 'child_id', type: 'integer' },
    ],
    primaryKey: ['id'],
    foreignKeys: [{ columns: ['child_id'], references: 'child', referencesColumns: ['id'] }],
  },
];
