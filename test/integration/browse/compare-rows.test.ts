import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrowseSession, compareRows, equalRows, verifyMigration, type CompareRowsRequest } from '../../../src/core/index.ts';
import type { RowComparison } from '../../../src/core/model/row-comparison.ts';
import type { VectorCell } from '../../../src/core/model/rows.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { describeOnBothTargets, storePlan, type Bench } from '../../helpers/engine.ts';

const never = new AbortController().signal;
const rows = 3_000;

const seed = `
CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL, doc TEXT, flag INTEGER, vec BLOB);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
INSERT INTO item SELECT i, 'item ' || i, i / 8.0, '{"b": ' || i || ', "a": 1.50}', i % 2, x'0000803f0000004000004040' FROM n;
CREATE TABLE pair (a INTEGER, b TEXT, note TEXT, PRIMARY KEY (b, a));
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) INSERT INTO pair SELECT i, 'k' || (i % 4), 'note ' || i FROM n;
CREATE TABLE ping (host TEXT, level INTEGER);
INSERT INTO ping VALUES ('a', 1), ('a', 1), ('b', 2), ('c', NULL), (NULL, NULL);
CREATE TABLE word (w TEXT PRIMARY KEY, n INTEGER);
INSERT INTO word VALUES ('a', 1), ('B', 2), ('ä', 3), ('b''"', 4), ('z', 5), ('', 6);`;

const tables: PlanInput['tables'] = [
  {
    source: 'main',
    from: 'item',
    to: 'Items "1"',
    columns: [
      { from: 'id', to: 'id', type: 'bigint', nullable: false },
      { from: 'name', to: 'title', type: 'text' },
      { from: 'weight', to: 'weight', type: 'real', accept: true },
      { from: 'doc', to: 'doc', type: 'jsonb' },
      { from: 'flag', to: 'flag', type: 'boolean' },
      { from: 'vec', to: 'vec', type: 'vector(3)', convert: 'float32-blob' },
    ],
    primaryKey: ['id'],
  },
  {
    source: 'main',
    from: 'pair',
    to: 'pair',
    columns: [
      { from: 'a', to: 'a', type: 'integer', nullable: false },
      { from: 'b', to: 'b', type: 'text', nullable: false },
      { from: 'note', to: 'note', type: 'text' },
    ],
    primaryKey: ['b', 'a'],
  },
  {
    source: 'main',
    from: 'ping',
    to: 'ping',
    columns: [
      { from: 'host', to: 'host', type: 'text' },
      { from: 'level', to: 'level', type: 'integer' },
    ],
  },
  {
    source: 'main',
    from: 'word',
    to: 'word',
    columns: [
      { from: 'w', to: 'w', type: 'text', nullable: false },
      { from: 'n', to: 'n', type: 'integer' },
    ],
    primaryKey: ['w'],
  },
];

describeOnBothTargets('comparing rows', (withBench) => {
  /** A finished run, then changes to the target, then the comparison. */
  const compared = (
    changes: string,
    work: (
      compare: (table: string, more?: Partial<CompareRowsRequest>) => Promise<RowComparison>,
      session: BrowseSession,
      bench: Bench,
    ) => Promise<void>,
  ): Promise<void> =>
    withBench(seed, async (bench) => {
      const run = await bench.run(storePlan(tables));
      assert.equal(run.verification.status, 'match');
      const session = new BrowseSession(bench.deps, { idleMs: 100 });
      try {
        if (changes !== '') await session.withTarget(bench.choice, never, (target) => target.query(changes));
        await work(
          (table, more = {}) =>
            compareRows({ input: { kind: 'run', runId: run.runId! }, target: bench.choice, table, signal: never, ...more }, session),
          session,
          bench,
        );
      } finally {
        await session.close();
      }
    });

  it('finds nothing where nothing was changed, leaves the store as it was, and stops when it is told to', () =>
    compared('', async (compare, _session, bench) => {
      const state = (): unknown => [
        readdirSync(bench.folder).toSorted(),
        createHash('sha256').update(readFileSync(bench.store)).digest('hex'),
      ];
      const path = join(bench.folder, 'store.sluice.json');
      const text = JSON.stringify(storePlan(tables));
      writeFileSync(path, text);
      const before = state();
      const found = await compare('item', { input: { kind: 'plan', text, path } });
      assert.deepEqual(found.counts, { equal: rows, different: 0, missing: 0, extra: 0 });
      assert.deepEqual([found.table, found.rows, found.complete, found.folds, found.keyed], ['public.Items "1"', [], true, [rows], true]);
      assert.deepEqual([found.sourceRows, found.targetRows], [rows, rows]);
      assert.deepEqual(state(), before);
      await assert.rejects(compare('nothing'), { code: 'bad-usage' });
      const controller = new AbortController();
      const work = compare('item', { signal: controller.signal });
      setTimeout(() => controller.abort(), 30);
      await assert.rejects(work, { code: 'cancelled' });
      assert.equal((await compare('pair')).counts.equal, 40);
    }));

  it('shows exactly the cells that were changed, whole rows, rules, provenance, folds; the numbers are those of verify', () =>
    compared(
      `UPDATE "Items ""1""" SET title = 'other' WHERE id = 17; UPDATE "Items ""1""" SET doc = '{"a": 1.5, "b": 0}', flag = NULL, vec = '[1,2,4]' WHERE id = 2500;
       UPDATE "Items ""1""" SET doc = '{"a": 1.5, "b": 20}' WHERE id = 20;`,
      async (compare, session, bench) => {
        const found = await compare('Items "1"');
        assert.deepEqual(found.counts, { equal: rows - 2, different: 2, missing: 0, extra: 0 });
        assert.deepEqual(
          found.rows.map((row) => [row.key, row.state, row.provenance, row.columns.map(({ name }) => name)]),
          [
            [['17'], 'different', 'rowid 17', ['title']],
            [['2500'], 'different', 'rowid 2500', ['doc', 'flag', 'vec']],
          ],
        );
        assert.deepEqual(found.rows[0]!.source, ['17', 'item 17', '2.125', '{"b": 17, "a": 1.50}', '1', "x'0000803f0000004000004040'"]);
        assert.deepEqual(found.rows[0]!.target!.slice(0, 5), ['17', 'other', '2.125', '{"a": 1.50, "b": 17}', 'true']);
        assert.deepEqual((found.rows[1]!.target![5] as VectorCell).values, Float32Array.of(1, 2, 4));
        assert.deepEqual(found.rows[1]!.target![4], null);
        assert.match(found.rows[1]!.columns[0]!.rule, /key order/);
        assert.deepEqual(found.folds, [16, 2482, 500]);
        assert.deepEqual(
          found.columns.map(({ from, name, declared, type, key, different }) => [from, name, declared, type, key, different]),
          [
            ['id', 'id', 'INTEGER', 'bigint', true, 0],
            ['name', 'title', 'TEXT', 'text', false, 1],
            ['weight', 'weight', 'REAL', 'real', false, 0],
            ['doc', 'doc', 'TEXT', 'jsonb', false, 1],
            ['flag', 'flag', 'INTEGER', 'boolean', false, 1],
            ['vec', 'vec', 'BLOB', 'vector(3)', false, 1],
          ],
        );
        assert.match(found.columns[3]!.rule, /^Jsonb compares by value, key order .* ignored\./);

        const input = { kind: 'location', path: bench.store } as const;
        const equal = await equalRows(
          { input, target: bench.choice, table: 'item', after: '17', before: '2500', limit: 3, signal: never },
          session,
        );
        assert.deepEqual(
          equal.map((row) => row.slice(0, 3)),
          [
            ['18', 'item 18', '2.25'],
            ['19', 'item 19', '2.375'],
            ['20', 'item 20', '2.5'],
          ],
        );
        const before = await equalRows(
          { input, target: bench.choice, table: 'item', after: null, before: '17', limit: 500, signal: never },
          session,
        );
        assert.equal(before.length, 16);

        await new Promise((resolve) => setTimeout(resolve, 400));
        const verified = await verifyMigration({ input, target: bench.choice, signal: never }, bench.deps);
        const table = verified.tables.find((one) => one.table === found.table)!;
        assert.deepEqual(
          [table.different, table.missing, table.extra, table.sourceRows, table.targetRows],
          [found.counts.different, found.counts.missing, found.counts.extra, found.sourceRows, found.targetRows],
        );
        assert.deepEqual(
          table.discrepancies.toSorted((a, b) => Number(a.key[0]) - Number(b.key[0])),
          found.rows.map(({ key, state, columns, provenance }) => ({ key, state, columns, provenance })),
        );
      },
    ));

  it('sorts by key as numbers and tells missing from extra; a limit and a state choose what is shown, not what is counted', () =>
    compared(
      `DELETE FROM "Items ""1""" WHERE id IN (9, 10, 100, 3000); INSERT INTO "Items ""1""" (id, title) VALUES (-5, 'new'), (4000, 'new'); UPDATE "Items ""1""" SET title = 'x' WHERE id = 1000`,
      async (compare) => {
        const found = await compare('item');
        assert.deepEqual(found.counts, { equal: rows - 5, different: 1, missing: 4, extra: 2 });
        assert.deepEqual(
          found.rows.map(({ key, state }) => `${key} ${state}`),
          ['-5 extra', '9 missing', '10 missing', '100 missing', '1000 different', '3000 missing', '4000 extra'],
        );
        assert.deepEqual(found.folds, [0, 8, 0, 89, 899, 1999, 0, 0]);
        assert.deepEqual([found.rows[0]!.source, found.rows[1]!.target], [null, null]);
        assert.equal(found.rows[1]!.source![1], 'item 9');
        const some = await compare('item', { limit: 2, state: 'missing' });
        assert.deepEqual([some.counts, some.rows.length, some.complete, some.folds], [found.counts, 2, false, null]);
        assert.ok(some.rows.every(({ state }) => state === 'missing'));
      },
    ));

  it('compares composite keys, text keys in the order of the target, and rows without a key as missing and extra', () =>
    compared(
      `UPDATE pair SET note = NULL WHERE a IN (5, 12); DELETE FROM pair WHERE a = 13; UPDATE word SET n = 0;
       DELETE FROM ping WHERE ctid = (SELECT min(ctid) FROM ping WHERE host = 'a'); INSERT INTO ping VALUES ('d', NULL)`,
      async (compare) => {
        const pair = await compare('public.pair');
        assert.deepEqual(
          pair.rows.map(({ key, state }) => [...key, state]),
          [
            ['k0', '12', 'different'],
            ['k1', '5', 'different'],
            ['k1', '13', 'missing'],
          ],
        );
        assert.deepEqual([pair.counts.equal, pair.complete, pair.folds], [37, true, null]);
        assert.deepEqual(pair.rows[1]!.source, ['5', 'k1', 'note 5']);
        assert.deepEqual(pair.rows[1]!.target, ['5', 'k1', null]);
        const word = await compare('word');
        assert.deepEqual(
          word.rows.map(({ key }) => key[0]),
          ['', 'B', 'a', `b'"`, 'z', 'ä'],
        );
        assert.deepEqual(word.folds, [0, 0, 0, 0, 0, 0, 0]);
        const ping = await compare('ping');
        assert.deepEqual([ping.keyed, ping.counts, ping.folds], [false, { equal: 4, different: 0, missing: 1, extra: 1 }, null]);
        assert.deepEqual(
          ping.rows.map(({ state, source, target }) => [state, source, target]),
          [
            ['missing', ['a', '1'], null],
            ['extra', null, ['d', null]],
          ],
        );
      },
    ));
});
