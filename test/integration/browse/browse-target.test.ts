import assert from 'node:assert/strict';
import { BrowseSession, readCell, readRow, rowsCount, rowsPage, rowsTable, targetTable, targetTree } from '../../../src/core/index.ts';
import type { Cell, RowsPage, RowsView, VectorCell } from '../../../src/core/model/rows.ts';
import type { RowsSubject, TargetChoice } from '../../../src/core/index.ts';
import { describeOnBothTargets, type Bench } from '../../helpers/engine.ts';
import { openBench } from '../../helpers/open-bench.ts';

const never = new AbortController().signal;
const whole: RowsView = { filter: null, sort: [], columns: null };
const big = 100_000;

const schema = `
CREATE EXTENSION IF NOT EXISTS vector;
CREATE TABLE item (id bigint PRIMARY KEY, name text, score numeric(10,2), at timestamptz, doc jsonb, raw bytea, flag boolean, vec vector(100), half halfvec(3));
INSERT INTO item SELECT i, CASE WHEN i % 10 = 0 THEN NULL WHEN i % 10 = 1 THEN '' ELSE 'item ' || i END, i / 4.0, timestamptz '2024-01-02 03:04:05.678+02' + i * interval '1 second',
  jsonb_build_object('b', i, 'a', 'x'), '\\x00ff', i % 2 = 1, CASE WHEN i <= 300 THEN (SELECT array_agg(i + c / 100.0 ORDER BY c) FROM generate_series(0, 99) c)::vector END,
  CASE WHEN i <= 3 THEN '[1,2,0.5]'::halfvec END FROM generate_series(1, ${big}) i;
CREATE INDEX item_vec ON item USING hnsw (vec vector_cosine_ops) WITH (m = 8);
CREATE TABLE pair (a bigint, b text, note text, PRIMARY KEY (b, a));
INSERT INTO pair SELECT i % 3, 'k' || i % 5, 'n' || i FROM generate_series(1, 15) i;
ALTER TABLE pair ADD FOREIGN KEY (a) REFERENCES item (id) NOT VALID;
CREATE TABLE keyless (n integer, t text);
INSERT INTO keyless SELECT i % 7, 't' || i FROM generate_series(1, 1000) i;
CREATE VIEW items_view AS SELECT id, name FROM item WHERE id <= 50;
CREATE MATERIALIZED VIEW items_kept AS SELECT id, name FROM item WHERE id <= 20;
CREATE TABLE parted (k integer, v text) PARTITION BY RANGE (k);
CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (10);
CREATE TABLE parted_high PARTITION OF parted FOR VALUES FROM (10) TO (100);
INSERT INTO parted SELECT i, 'v' || i FROM generate_series(0, 99) i;
CREATE SCHEMA "Odd ""schema"".x";
CREATE TABLE "Odd ""schema"".x"."Tabelle 'ü'.1" ("Spalte ""1""" integer PRIMARY KEY, "select" text, "c0" text, "x.y" text);
INSERT INTO "Odd ""schema"".x"."Tabelle 'ü'.1" VALUES (1, 'a', 'b', 'c'), (2, NULL, '', 'ü🎈');
CREATE TABLE long (id integer PRIMARY KEY, t text, b bytea, j jsonb, z text);
INSERT INTO long VALUES (1, repeat('ü', 5000), decode(repeat('ab', 1000), 'hex'), to_jsonb(repeat('j', 400)), repeat('x', 300)), (2, 'short', '\\x', 'null', repeat('y', 301));
CREATE TABLE empty (id integer PRIMARY KEY);
CREATE TABLE wide (id integer PRIMARY KEY${Array.from({ length: 1200 }, (_, i) => `, c${i} integer`).join('')});
INSERT INTO wide (id, c0, c1199) VALUES (1, 5, 7);
ANALYZE item;`;

const subjectOf = (target: TargetChoice, table: string, home = 'public'): RowsSubject => ({ side: 'target', target, schema: home, table });

describeOnBothTargets('browsing a target', (withBench) => {
  let session: BrowseSession;
  let choice: TargetChoice;
  let bench: Bench;
  let close: (() => Promise<void>) | undefined;

  before(async function () {
    this.timeout(180_000);
    ({ bench, close } = await openBench(withBench, 'SELECT 1'));
    choice = bench.choice;
    session = new BrowseSession(bench.deps);
    await session.withTarget(choice, never, (target) => target.query(schema));
  });
  after(async () => {
    await session?.close();
    await close?.();
  });

  const page = (table: string, offset: number, limit: number, view: Partial<RowsView> = {}, home = 'public'): Promise<RowsPage> =>
    rowsPage({ subject: subjectOf(choice, table, home), view: { ...whole, ...view }, offset, limit, signal: never }, session);
  const ids = (found: RowsPage): number[] => found.rows.map((row) => Number(row[0]));

  it('lists schemas, tables and sizes', async () => {
    const tree = await targetTree({ target: choice, signal: never }, session);
    assert.match(tree.serverVersion, /^\d+\.\d+$/);
    assert.match(tree.vectorVersion ?? '', /^0\.\d/);
    const open = tree.schemas.find(({ name }) => name === 'public')!;
    assert.deepEqual(
      open.tables.map(({ name, kind }) => `${name} ${kind}`),
      [
        'empty table',
        'item table',
        'items_kept materialized-view',
        'items_view view',
        'keyless table',
        'long table',
        'pair table',
        'parted partitioned',
        'wide table',
      ],
    );
    const item = open.tables.find(({ name }) => name === 'item')!;
    assert.equal(item.estimatedRows, big);
    assert.ok(item.bytes > 1e6 && open.bytes >= item.bytes);
    assert.equal(open.tables.find(({ name }) => name === 'items_view')!.estimatedRows, null);
    assert.ok(open.tables.find(({ name }) => name === 'parted')!.bytes > 0);
    assert.ok(tree.schemas.some(({ name }) => name === 'Odd "schema".x'));
    assert.ok(!tree.schemas.some(({ name }) => name.startsWith('pg_')));
  });

  it('describes a table with columns, constraints and indexes', async () => {
    const item = await targetTable({ target: choice, schema: 'public', table: 'item', signal: never }, session);
    assert.deepEqual(
      item.columns.map(({ name, type, nullable, key, align, vector }) => [name, type, nullable, key, align, vector]),
      [
        ['id', 'bigint', false, 0, 'right', null],
        ['name', 'text', true, null, 'left', null],
        ['score', 'numeric(10,2)', true, null, 'right', null],
        ['at', 'timestamp with time zone', true, null, 'left', null],
        ['doc', 'jsonb', true, null, 'left', null],
        ['raw', 'bytea', true, null, 'left', null],
        ['flag', 'boolean', true, null, 'left', null],
        ['vec', 'vector(100)', true, null, 'left', 100],
        ['half', 'halfvec(3)', true, null, 'left', 3],
      ],
    );
    const [index] = item.columns[7]!.vectorIndexes;
    assert.deepEqual(
      [index?.name, index?.method, index?.opclass, index?.metric, index?.options],
      ['item_vec', 'hnsw', 'vector_cosine_ops', 'cosine', { m: '8', ef_construction: '64' }],
    );
    assert.ok(index!.bytes > 0);
    assert.deepEqual(
      item.indexes.map(({ name, method, valid }) => [name, method, valid]),
      [
        ['item_pkey', 'btree', true],
        ['item_vec', 'hnsw', true],
      ],
    );
    const pair = await targetTable({ target: choice, schema: 'public', table: 'pair', signal: never }, session);
    assert.deepEqual(
      pair.constraints.map(({ name, kind, valid }) => [name, kind, valid]),
      [
        ['pair_pkey', 'primary-key', true],
        ['pair_a_fkey', 'foreign-key', false],
      ],
    );
    assert.deepEqual(pair.columns[0]!.references, { schema: 'public', table: 'item', column: 'id' });
    await assert.rejects(targetTable({ target: choice, schema: 'public', table: 'nothing', signal: never }, session), {
      code: 'no-such-target-table',
    });
  });

  it('pages forwards, backwards and deep over 100,000 rows in the order of the key, shown as the SQL says', async () => {
    const first = await page('item', 0, 200);
    assert.deepEqual(
      ids(first),
      Array.from({ length: 200 }, (_, i) => i + 1),
    );
    assert.equal(first.sql, 'SELECT "id", "name", "score", "at", "doc", "raw", "flag", "vec", "half" FROM "public"."item" ORDER BY "id"');
    assert.deepEqual(
      ids(await page('item', 200, 100)),
      Array.from({ length: 100 }, (_, i) => i + 201),
    );
    assert.deepEqual(
      ids(await page('item', 99_990, 100)),
      Array.from({ length: 10 }, (_, i) => i + 99_991),
    );
    assert.deepEqual(
      ids(await page('item', 100, 100)),
      Array.from({ length: 100 }, (_, i) => i + 101),
    );
    assert.deepEqual((await page('item', big, 10)).rows, []);
    assert.deepEqual((await page('empty', 0, 10)).rows, []);
  });

  it('gives values as PostgreSQL prints them; NULL is null and not an empty text', async () => {
    const found = await page('item', 0, 10);
    const row = found.rows[8] as Cell[];
    assert.deepEqual(row.slice(0, 7), ['9', 'item 9', '2.25', '2024-01-02 01:04:14.678+00', '{"a": "x", "b": 9}', '\\x00ff', 'true']);
    assert.equal(found.rows[9]![1], null);
    assert.equal(found.rows[0]![1], '');
  });

  it('sends vectors as numbers: some of them in a page, all of them in a row', async () => {
    const vector = (await page('item', 1, 1)).rows[0]![7] as VectorCell;
    assert.equal(vector.dimensions, 100);
    assert.ok(vector.values instanceof Float32Array && vector.values.length <= 48);
    assert.deepEqual([...vector.values.slice(0, 3)], [2, Math.fround(2.03), Math.fround(2.06)]);
    const row = await readRow({ subject: subjectOf(choice, 'item'), view: whole, offset: 1, signal: never }, session);
    assert.equal((row[7] as VectorCell).values.length, 100);
    assert.deepEqual(row[8], { dimensions: 3, values: Float32Array.of(1, 2, 0.5) });
    const text = await readCell({ subject: subjectOf(choice, 'item'), view: whole, offset: 1, column: 'vec', signal: never }, session);
    assert.match(text ?? '', /^\[2,2\.01,2\.02,/);
  });

  it('sorts and filters on the server', async () => {
    assert.deepEqual(ids(await page('item', 0, 3, { sort: [{ column: 'id', descending: true }] })), [big, big - 1, big - 2]);
    assert.deepEqual(ids(await page('item', 0, 3, { sort: [{ column: 'flag', descending: false }] })), [2, 4, 6]);
    const filtered = await page('item', 5, 5, { filter: `name IS NULL AND doc ->> 'a' = 'x' -- tens`, columns: ['id'] });
    assert.deepEqual(ids(filtered), [60, 70, 80, 90, 100]);
    assert.equal(filtered.sql, `SELECT "id" FROM "public"."item" WHERE (\nname IS NULL AND doc ->> 'a' = 'x' -- tens\n) ORDER BY "id"`);
    const count = (filter: string | null): Promise<number> =>
      rowsCount({ subject: subjectOf(choice, 'item'), filter, signal: never }, session);
    assert.deepEqual([await count(null), await count('name IS NULL'), await count('false')], [big, big / 10, 0]);
  });

  it('knows composite keys, tables without one, views and partitioned tables', async () => {
    const pair = await page('pair', 0, 3);
    assert.match(pair.sql, /ORDER BY "b", "a"$/);
    assert.deepEqual(
      pair.rows.map((row) => [row[0], row[1]]),
      [
        ['0', 'k0'],
        ['1', 'k0'],
        ['2', 'k0'],
      ],
    );
    const all = [await page('keyless', 0, 600), await page('keyless', 600, 600)].flatMap(({ rows }) => rows.map((row) => String(row[1])));
    assert.deepEqual(
      all,
      Array.from({ length: 1000 }, (_, i) => `t${i + 1}`),
    );
    assert.equal((await page('items_view', 40, 100)).rows.length, 10);
    assert.equal((await page('items_kept', 0, 100)).rows.length, 20);
    assert.deepEqual(new Set((await page('parted', 0, 100)).rows.map((row) => row[0])).size, 100);
    const table = await rowsTable({ subject: subjectOf(choice, 'items_view'), signal: never }, session);
    assert.deepEqual(
      [table.label, table.dialect, table.columns.map(({ name }) => name)],
      ['public.items_view', 'postgresql', ['id', 'name']],
    );
  });

  it('reads tables with odd names and very many columns', async () => {
    const odd = await page(`Tabelle 'ü'.1`, 0, 10, { filter: '"x.y" IS NOT NULL' }, 'Odd "schema".x');
    assert.deepEqual(odd.columns, ['Spalte "1"', 'select', 'c0', 'x.y']);
    assert.deepEqual(odd.rows, [
      ['1', 'a', 'b', 'c'],
      ['2', null, '', 'ü🎈'],
    ]);
    const wide = await page('wide', 0, 10);
    assert.deepEqual([wide.rows[0]!.length, wide.rows[0]![1], wide.rows[0]![1200]], [1201, '5', '7']);
  });

  it('cuts long values on the server and says how long they are', async () => {
    const [first, second] = (await page('long', 0, 10)).rows;
    assert.deepEqual(first![1], { text: 'ü'.repeat(300), cut: 5000 });
    assert.deepEqual(first![2], { text: `\\x${'ab'.repeat(149)}`, cut: 2002 });
    assert.equal((first![3] as { cut: number }).cut, 402);
    assert.equal(first![4], 'x'.repeat(300));
    assert.deepEqual(second!.slice(1), ['short', '\\x', 'null', { text: 'y'.repeat(300), cut: 301 }]);
    const row = await readRow({ subject: subjectOf(choice, 'long'), view: whole, offset: 0, signal: never }, session);
    assert.equal(row[1], 'ü'.repeat(5000));
    assert.equal(
      await readCell({ subject: subjectOf(choice, 'long'), view: whole, offset: 0, column: 'b', signal: never }, session),
      `\\x${'ab'.repeat(1000)}`,
    );
  });

  describe('a filter cannot do harm', () => {
    const refused: readonly (readonly [string, RegExp, number | undefined])[] = [
      ['nme = 1', /column "nme" does not exist/, 1],
      [`name = 'x' AND id >> `, /syntax error/, undefined],
      ['id = 1; DELETE FROM pair', /more than one statement/, undefined],
      ['true) ORDER BY 1 --', /syntax error/, 5],
      ['id / (id - id) = 1', /division by zero/, undefined],
      [`id = (SELECT setval('item_seq', 9))`, /item_seq/, undefined],
      ['name = $1', /there is no parameter/, 8],
      ['id', /type boolean/, 1],
    ];
    for (const [filter, message, position] of refused) {
      it(filter, async () => {
        await assert.rejects(
          page('item', 0, 10, { filter }),
          (error: { code: string; message: string; context: { position?: number } }) => {
            assert.equal(error.code, 'filter-refused');
            assert.match(error.message, message);
            if (position !== undefined) assert.equal(error.context.position, position);
            return true;
          },
        );
      });
    }

    it('what writes is refused by the server, and settings do not outlive the statement', async () => {
      await session.withTarget(choice, never, (target) =>
        target.query(`CREATE FUNCTION wipe() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN DELETE FROM pair; RETURN true; END $$`),
      );
      await assert.rejects(page('item', 0, 10, { filter: 'wipe()' }), /read-only transaction/);
      assert.equal(await rowsCount({ subject: subjectOf(choice, 'pair'), filter: null, signal: never }, session), 15);
      await page('item', 0, 1, { filter: `set_config('search_path', 'nowhere', false) IS NOT NULL` });
      await assert.rejects(page('item', 0, 1, { filter: `set_config('transaction_read_only', 'off', false) = 'off' AND wipe()` }));
      for (let i = 0; i < 5; i++) {
        const { rows } = await session.withTarget(choice, never, (target) => target.query('SHOW search_path'));
        assert.equal(rows[0]!['search_path'], 'public');
      }
    });
  });

  it('an abort is heard at once, and the session serves on', async () => {
    const controller = new AbortController();
    const start = performance.now();
    const slow = page('item', 0, 10);
    const work = rowsPage(
      {
        subject: subjectOf(choice, 'keyless'),
        view: { ...whole, filter: bench.target.flag.startsWith('env') ? 'pg_sleep(0.1) IS NOT NULL' : 'n >= 0' },
        offset: 900,
        limit: 10,
        signal: controller.signal,
      },
      session,
    );
    setTimeout(() => controller.abort(), bench.target.flag.startsWith('env') ? 300 : 0);
    await assert.rejects(work, { code: 'cancelled' });
    assert.ok(performance.now() - start < 2_000);
    await slow;
    assert.equal((await page('item', 0, 1)).rows.length, 1);
  });

  it('serves many requests at once over at most four sessions', async () => {
    const pages = await Promise.all(Array.from({ length: 12 }, (_, i) => page('item', i * 100, 10)));
    assert.deepEqual(
      pages.map((found) => ids(found)[0]),
      Array.from({ length: 12 }, (_, i) => i * 100 + 1),
    );
    const { rows } = await session.withTarget(choice, never, (target) =>
      target.query(
        `SELECT count(*)::int AS sessions FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice'`,
      ),
    );
    assert.ok(Number(rows[0]!['sessions']) <= 4);
  });

  it('refuses a column that is not there', async () => {
    await assert.rejects(page('item', 0, 1, { columns: ['nothing'] }), { code: 'no-such-target-column' });
    await assert.rejects(page('item', 0, 1, { sort: [{ column: 'nothing"', descending: false }] }), { code: 'no-such-target-column' });
    await assert.rejects(page('item', 0, 5_000), { code: 'bad-usage' });
  });
});
