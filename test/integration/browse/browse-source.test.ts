import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { createEngine, type Engine } from '../../../src/cli/create-engine.ts';
import {
  BrowseSession,
  openStore,
  readCell,
  readRow,
  recogniseStores,
  rowsCount,
  rowsPage,
  rowsTable,
  type RowsSubject,
} from '../../../src/core/index.ts';
import type { RowsPage, RowsView } from '../../../src/core/model/rows.ts';
import { jacFolder } from '../../helpers/jac-fixtures.ts';
import { layFiles, withFiles } from '../../helpers/lay-files.ts';

const never = new AbortController().signal;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const whole: RowsView = { filter: null, sort: [], columns: null };
const big = 100_000;

const seed = `
CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, price REAL, parent INTEGER REFERENCES item(id));
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${big})
INSERT INTO item SELECT i, CASE WHEN i % 10 = 0 THEN NULL ELSE 'item ' || i END, i / 4.0, NULL FROM n;
CREATE TABLE pair (a TEXT, b INTEGER, PRIMARY KEY (b, a)) WITHOUT ROWID;
INSERT INTO pair VALUES ('x', 2), ('y', 1), ('a', 2);
CREATE TABLE "Odd ""t"".x" ("Spalte ""1""" INTEGER, "sel'ect" TEXT, "c.d" BLOB);
INSERT INTO "Odd ""t"".x" VALUES (1, 'ü🎈', x'00ff'), (2, NULL, x'');
CREATE TABLE hidden (rowid TEXT, oid TEXT, _rowid_ TEXT);
INSERT INTO hidden VALUES ('a', 'b', 'c'), ('d', 'e', 'f');
CREATE TABLE wide (id INTEGER PRIMARY KEY${Array.from({ length: 1500 }, (_, i) => `, c${i}`).join('')});
INSERT INTO wide (id, c0, c1499) VALUES (1, 5, 7);
CREATE TABLE long (id INTEGER PRIMARY KEY, t TEXT, b BLOB);
INSERT INTO long VALUES (1, replace(hex(zeroblob(2500)), '00', 'üü'), zeroblob(1000)), (2, 'a' || char(0) || 'b', x'01');
CREATE TABLE kinds (id INTEGER PRIMARY KEY, v);
INSERT INTO kinds VALUES (1, 9223372036854775807), (2, -9223372036854775808), (3, 5.0), (4, 0.1), (5, 1e300), (6, 9e999), (7, 'text'), (8, x'0a'), (9, CAST(x'61ff62' AS TEXT)), (10, NULL), (11, '');`;

describe('browsing a store', function () {
  this.timeout(60_000);
  let folder: string;
  let store: string;
  let engine: Engine;
  let session: BrowseSession;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-browse-'));
    store = join(folder, 'store.db');
    const database = new Database(store);
    database.exec(seed);
    database.close();
    engine = createEngine({ log: silent, emit: () => undefined, environment: {} });
    session = new BrowseSession(engine.deps, { idleMs: 200 });
  });
  after(async () => {
    await session.close();
    await engine.close();
    rmSync(folder, { recursive: true });
  });

  const subjectOf = (table: string, location = store): RowsSubject => ({ side: 'source', location, table });
  const page = (table: string, offset: number, limit: number, view: Partial<RowsView> = {}, location = store): Promise<RowsPage> =>
    rowsPage({ subject: subjectOf(table, location), view: { ...whole, ...view }, offset, limit, signal: never }, session);
  const ids = (found: RowsPage): number[] => found.rows.map((row) => Number(row[0]));
  const state = (place = folder): unknown =>
    readdirSync(place)
      .toSorted()
      .map((name) => [
        name,
        statSync(join(place, name)).mtimeMs,
        createHash('sha256')
          .update(readFileSync(join(place, name)))
          .digest('hex'),
      ]);
  /** Whether this process, whatever the thread, has the file open. */
  const isOpen = (path: string): boolean => readdirSync('/proc/self/fd').some((fd) => linkOf(fd).startsWith(path));

  it('recognises stores by content and leaves the rest out', async () => {
    const text = join(folder, 'notes.db');
    writeFileSync(text, 'just words');
    const paths = [text, store, join(folder, 'nothing.db'), folder];
    assert.deepEqual(await recogniseStores({ paths, signal: never }), [{ path: store, kind: 'sqlite', bytes: statSync(store).size }]);
    rmSync(text);
    const many = Array.from({ length: 300 }, () => store);
    assert.equal((await recogniseStores({ paths: many, signal: never })).length, 300);
  });

  it('recognises files in folders name=value as one store, the folder above them', () =>
    withFiles({ 'sales/year=2023/a.csv': 'id,v\n1,x\n', 'sales/year=2024/b.csv': 'id,v\n2,y\n', 'c.csv': 'id,v\n1,x\n' }, async (root) => {
      const paths = ['sales/year=2024/b.csv', 'c.csv', 'sales/year=2023/a.csv'].map((path) => join(root, path));
      assert.deepEqual(await recogniseStores({ paths, signal: never }), [
        { path: join(root, 'sales'), kind: 'delimited', bytes: 18 },
        { path: join(root, 'c.csv'), kind: 'delimited', bytes: 9 },
      ]);
      const before = await openStore({ location: join(root, 'sales'), signal: never }, session);
      assert.deepEqual([before.bytes, before.tables.map(({ name, rows }) => [name, rows])], [18, [['sales', 2]]]);
      // A file more is noticed at the next look.
      await layFiles(root, { 'sales/year=2025/c.csv': 'id,v\n3,z\n' });
      const after = await openStore({ location: join(root, 'sales'), signal: never }, session);
      assert.deepEqual(
        after.tables.map(({ name, rows }) => [name, rows]),
        [['sales', 3]],
      );
    }));

  it('recognises the files of a Jac store as one, and shows its nodes and edges', async () => {
    const jac = join(jacFolder, 'shelve-dumb-0.9.6-py312');
    const paths = readdirSync(jac)
      .filter((name) => name.startsWith('main.session'))
      .map((name) => join(jac, name));
    const location = join(jac, 'main.session.dat');
    assert.equal(paths.length, 3);
    assert.deepEqual(await recogniseStores({ paths, signal: never }), [{ path: location, kind: 'jac', bytes: statSync(location).size }]);
    assert.equal((await recogniseStores({ paths: [join(jac, 'main.session.dir')], signal: never })).length, 1);
    const found = await openStore({ location, signal: never }, session);
    assert.ok(found.tables.some(({ name, rows }) => name === 'edge routed_to Report Organisation' && rows === 20));
    const subject: RowsSubject = { side: 'source', location, table: 'node Reporter' };
    const view: RowsView = { filter: 'is_anonymous', sort: [{ column: 'name', descending: false }], columns: ['name', 'is_anonymous'] };
    const shown = await rowsPage({ subject, view, offset: 0, limit: 50, signal: never }, session);
    assert.ok(shown.rows.length > 0 && shown.rows.every(([, anonymous]) => anonymous === '1'));
    assert.equal(shown.sql, 'SELECT "name", "is_anonymous" FROM "node Reporter" WHERE (\nis_anonymous\n) ORDER BY "name", "rowid"');
  });

  it('opens a store: tables with exact counts and declared columns', async () => {
    const found = await openStore({ location: store, signal: never }, session);
    assert.match(found.fingerprint, /^sha256:/);
    assert.deepEqual(
      found.tables.map(({ name, rows, columns }) => [name, rows, columns.length]),
      [
        ['item', big, 4],
        ['pair', 3, 2],
        ['Odd "t".x', 2, 3],
        ['hidden', 2, 3],
        ['wide', 1, 1501],
        ['long', 2, 3],
        ['kinds', 11, 2],
      ],
    );
    assert.deepEqual(found.tables[0]!.columns[0], { name: 'id', declared: 'INTEGER', nullable: false, key: true });
    const table = await rowsTable({ subject: subjectOf('item'), signal: never }, session);
    assert.deepEqual([table.label, table.estimatedRows, table.dialect], ['item', big, 'sqlite']);
    assert.deepEqual(table.columns[3]!.references, { schema: null, table: 'item', column: 'id' });
    await assert.rejects(rowsTable({ subject: subjectOf('nothing'), signal: never }, session), { code: 'no-such-source-table' });
    await assert.rejects(openStore({ location: join(folder, 'nothing.db'), signal: never }, session), { code: 'no-such-file' });
  });

  it('pages forwards, backwards and deep, sorts, filters and counts', async () => {
    const first = await page('item', 0, 200);
    assert.deepEqual(
      ids(first),
      Array.from({ length: 200 }, (_, i) => i + 1),
    );
    assert.equal(first.sql, 'SELECT "id", "name", "price", "parent" FROM "item" ORDER BY "id"');
    assert.deepEqual(
      ids(await page('item', 99_990, 100)),
      Array.from({ length: 10 }, (_, i) => i + 99_991),
    );
    assert.deepEqual(ids(await page('item', 100, 2)), [101, 102]);
    assert.deepEqual((await page('item', big, 10)).rows, []);
    assert.deepEqual(first.rows[9], ['10', null, '2.5', null]);
    assert.deepEqual(ids(await page('item', 0, 2, { sort: [{ column: 'price', descending: true }] })), [big, big - 1]);
    const filtered = await page('item', 1, 2, { filter: 'name IS NULL -- tens', columns: ['id'] });
    assert.deepEqual(filtered.rows, [['20'], ['30']]);
    assert.equal(filtered.sql, 'SELECT "id" FROM "item" WHERE (\nname IS NULL -- tens\n) ORDER BY "id"');
    assert.equal(await rowsCount({ subject: subjectOf('item'), filter: 'name IS NULL', signal: never }, session), big / 10);
    assert.equal(await rowsCount({ subject: subjectOf('item'), filter: null, signal: never }, session), big);
  });

  it('reads tables without rowid, with odd names, with hidden rowids and very many columns', async () => {
    assert.deepEqual((await page('pair', 0, 10)).rows, [
      ['y', '1'],
      ['a', '2'],
      ['x', '2'],
    ]);
    const odd = await page('Odd "t".x', 0, 10, { sort: [{ column: 'Spalte "1"', descending: true }] });
    assert.deepEqual(odd.rows, [
      ['2', null, "x''"],
      ['1', 'ü🎈', "x'00ff'"],
    ]);
    assert.deepEqual((await page('hidden', 1, 10)).rows, [['d', 'e', 'f']]);
    const wide = await page('wide', 0, 10);
    assert.deepEqual([wide.rows[0]!.length, wide.rows[0]![0], wide.rows[0]![1], wide.rows[0]![1500]], [1501, '1', '5', '7']);
  });

  it('gives every kind of value exactly, wrong bytes visibly, and long ones cut with their length', async () => {
    assert.deepEqual(
      (await page('kinds', 0, 20)).rows.map((row) => row[1]),
      ['9223372036854775807', '-9223372036854775808', '5.0', '0.1', '1e+300', 'Infinity', 'text', "x'0a'", 'a\\xffb', null, ''],
    );
    const [first, second] = (await page('long', 0, 10)).rows;
    assert.deepEqual(first![1], { text: 'ü'.repeat(300), cut: 5000 });
    assert.deepEqual(first![2], { text: `x'${'00'.repeat(149)}`, cut: 2003 });
    assert.deepEqual(second!.slice(1), ['a\0b', "x'01'"]);
    const row = await readRow({ subject: subjectOf('long'), view: whole, offset: 0, signal: never }, session);
    assert.equal(row[1], 'ü'.repeat(5000));
    assert.equal(
      await readCell({ subject: subjectOf('long'), view: whole, offset: 0, column: 'b', signal: never }, session),
      `x'${'00'.repeat(1000)}'`,
    );
    await assert.rejects(readRow({ subject: subjectOf('long'), view: whole, offset: 5, signal: never }, session), { code: 'row-gone' });
  });

  it('refuses filters that are none or do more than filter', async () => {
    const before = state();
    const refused = [
      'nme = 1',
      'id = 1; DELETE FROM item',
      'true) ORDER BY 1 --',
      'id = ?',
      "load_extension('x')",
      'name = "no such column"',
      '-- nothing',
    ];
    for (const filter of refused) await assert.rejects(page('item', 0, 10, { filter }), { code: 'filter-refused' }, filter);
    assert.deepEqual(state(), before);
  });

  it('sees a change at once, and another program may write while nobody reads', async () => {
    await page('pair', 0, 10);
    assert.equal(isOpen(store), false);
    const writer = new Database(store, { timeout: 0 });
    writer.exec(`INSERT INTO pair VALUES ('z', 9)`);
    writer.close();
    assert.equal((await page('pair', 0, 10)).rows.length, 4);
    assert.equal((await openStore({ location: store, signal: never }, session)).tables[1]!.rows, 4);
  });

  it('leaves no trace beside a store, and lets go of private copies when they rest', async () => {
    const place = join(folder, 'wal');
    mkdirSync(place);
    const location = join(place, 'live.db');
    const writer = new Database(location);
    writer.pragma('journal_mode = wal');
    writer.exec('CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)');
    const before = state(place);
    assert.equal((await page('t', 0, 10, {}, location)).rows.length, 1);
    assert.deepEqual(state(place), before);
    writer.exec('INSERT INTO t VALUES (2)');
    assert.equal((await page('t', 0, 10, {}, location)).rows.length, 2);
    const copies = (): string[] => readdirSync(engine.deps.scratchDirectory);
    assert.equal(copies().length, 1);
    await sleep(500);
    assert.deepEqual(copies(), []);
    assert.equal((await page('t', 0, 10, {}, location)).rows.length, 2);
    writer.close();
  });

  it('an abort is heard at once', async () => {
    const controller = new AbortController();
    const slow =
      'EXISTS (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT 1 FROM n WHERE i = id + 2900000)';
    const work = rowsCount({ subject: subjectOf('pair'), filter: slow.replace('id', 'b'), signal: controller.signal }, session);
    setTimeout(() => controller.abort(), 100);
    const start = performance.now();
    await assert.rejects(work, { code: 'cancelled' });
    assert.ok(performance.now() - start < 400);
    assert.equal((await page('pair', 0, 10)).rows.length, 4);
    assert.ok(existsSync(store));
  });
});

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
