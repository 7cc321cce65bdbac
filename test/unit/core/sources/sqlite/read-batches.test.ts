import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { InvalidText, type SourceValue } from '../../../../../src/core/model/source-value.ts';
import type { Source } from '../../../../../src/core/sources/source.ts';
import { never, readRows, SqliteSetting } from './sqlite-setting.ts';

describe('reading SQLite tables', function () {
  this.timeout(30_000);
  const setting = new SqliteSetting();
  afterEach(() => setting.clear());

  it('S03 S31 each value keeps its storage class', async () => {
    const source = await setting.with(
      `CREATE TABLE t (v INTEGER, u); INSERT INTO t VALUES (5, 1), ('abc', 't'), (1.5, x'ff'), (x'0102', 2.5), (5.0, 5.0), (NULL, '')`,
    );
    assert.deepEqual(await readRows(source, 't', ['v', 'u']), [
      [5n, 1n],
      ['abc', 't'],
      [1.5, Buffer.of(0xff)],
      [Buffer.of(1, 2), 2.5],
      [5n, 5],
      [null, ''],
    ]);
  });

  it('S12 blobs beside texts in a BLOB column, empty ones and NULL, also where other columns hold only blobs', async () => {
    const source = await setting.with(`
      CREATE TABLE t (id INTEGER PRIMARY KEY, mixed BLOB, pure BLOB, none BLOB);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
      INSERT INTO t SELECT i, CASE WHEN i = 1700 THEN 'AAAA' ELSE CAST('b' || i AS BLOB) END, CASE i % 3 WHEN 0 THEN x'' WHEN 1 THEN NULL ELSE x'00ff' END, NULL FROM n`);
    const rows = await readRows(source, 't', ['mixed', 'pure', 'none']);
    assert.equal(rows.length, 2_500);
    rows.forEach(([mixed, pure, none], i) => {
      assert.deepEqual(mixed, i === 1_699 ? 'AAAA' : Buffer.from(`b${i + 1}`));
      assert.deepEqual(pure, [Buffer.alloc(0), null, Buffer.of(0, 255)][(i + 1) % 3]);
      assert.equal(none, null);
    });
  });

  it('S20 generated columns are read like the others', async () => {
    const source = await setting.with(`CREATE TABLE t (a INT, b AS (a * 2) STORED, c AS (a || '!')); INSERT INTO t VALUES (4)`);
    assert.deepEqual(await readRows(source, 't', ['a', 'b', 'c']), [[4n, 8n, '4!']]);
  });

  it('S42 columns called rowid, oid or ctid do not confuse paging', async () => {
    const source = await setting.with(`
      CREATE TABLE t (rowid TEXT, oid TEXT, ctid TEXT);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) INSERT INTO t SELECT 'same', 'oid ' || i, 'c' FROM n`);
    const rows = await readRows(source, 't', ['oid', 'rowid']);
    assert.deepEqual([rows.length, rows[0], rows[2_499]], [2_500, ['oid 1', 'same'], ['oid 2500', 'same']]);
  });

  it('S21 a key of text, number and blob under NOCASE and descending pages exactly', async () => {
    const source = await setting.with(`
      CREATE TABLE t (a TEXT COLLATE NOCASE, b, c INT, PRIMARY KEY (a DESC, b)) WITHOUT ROWID;
      INSERT INTO t VALUES ('Zed', 1, 1), ('zED', 1.5, 2), ('zed', 'x', 3), ('ZED', x'00', 4), ('[', 9223372036854775807, 5), ('a', -1e300, 6), ('B', '', 7), ('b', -9223372036854775808, 8), (CAST(x'ff' AS TEXT), 0, 9)`);
    const all = await readRows(source, 't', ['c']);
    assert.deepEqual(
      all.flat(),
      [6n, 8n, 7n, 5n, 1n, 2n, 3n, 4n, 9n].toSorted((a, b) => all.flat().indexOf(a) - all.flat().indexOf(b)),
    );
    await pagesExactly(source, 't', 'c');
  });

  it('S11 invalid UTF-8 comes with its bytes, a real U+FFFD stays text, neighbours are untouched', async () => {
    const source = await setting.with(`
      CREATE TABLE t (v TEXT, w TEXT);
      INSERT INTO t VALUES (CAST(x'61ff62' AS TEXT), 'ok'), ('ok', CAST(x'eda080' AS TEXT)), ('\ufffd', 'a' || char(0) || CAST(x'c0' AS TEXT)), (x'ff', '5')`);
    assert.deepEqual(await readRows(source, 't', ['v', 'w']), [
      [new InvalidText(Buffer.from('61ff62', 'hex')), 'ok'],
      ['ok', new InvalidText(Buffer.from('eda080', 'hex'))],
      ['\ufffd', new InvalidText(Buffer.from('6100c0', 'hex'))],
      [Buffer.of(0xff), '5'],
    ]);
  });

  it('a key that is invalid text can be a cursor', async () => {
    const source = await setting.with(
      `CREATE TABLE t (k TEXT PRIMARY KEY, c) WITHOUT ROWID; INSERT INTO t VALUES ('a', 1), (CAST(x'ff' AS TEXT), 3), (CAST(x'fe00' AS TEXT), 2)`,
    );
    await pagesExactly(source, 't', 'c');
    for await (const batch of source.readBatches('t', { columns: ['k'], signal: never }))
      assert.equal(batch.provenanceAt(1), "key text x'fe00'");
  });

  for (const encoding of ['UTF-16le', 'UTF-16be']) {
    it(`a database in ${encoding}: text, half characters, blobs`, async () => {
      const broken = encoding === 'UTF-16le' ? '3dd8' : 'd83d';
      const source = await setting.with(`
        PRAGMA encoding = '${encoding}';
        CREATE TABLE t (a TEXT, b BLOB, k TEXT COLLATE NOCASE PRIMARY KEY) WITHOUT ROWID;
        INSERT INTO t VALUES ('äö 🎈 \ufffd', x'00ff', 'A'), (CAST(x'${broken}' AS TEXT), x'', 'b'), ('', NULL, 'É')`);
      assert.deepEqual(await readRows(source, 't', ['a', 'b']), [
        ['äö 🎈 \ufffd', Buffer.of(0, 255)],
        [new InvalidText(Buffer.from(broken, 'hex')), Buffer.alloc(0)],
        ['', null],
      ]);
      await pagesExactly(source, 't', 'a');
    });
  }

  it('any table of any values reads back, in windows of any size (property)', async () => {
    const cell = fc.oneof(
      fc.constant(null),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double({ noNaN: true }).map((value) => (value === 0 ? 0 : value)),
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 60 }), fc.constantFrom(1, 100, 1 << 20), async (rows, batchBytes) => {
        const path = setting.make('CREATE TABLE t (a BLOB, b)');
        const database = new Database(path);
        for (const [a, b] of rows) database.prepare('INSERT INTO t VALUES (?, ?)').run(a, b);
        database.close();
        assert.deepEqual(await readRows(await setting.open(path), 't', ['a', 'b'], { batchBytes }), rows);
        await setting.clear();
      }),
      { numRuns: 25 },
    );
  });

  it('a table under a collation that only its application knows can be read, split and aggregated', async () => {
    const path = setting.make(`CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t (a) VALUES ('x'), ('y'), ('x')`);
    const database = new Database(path).unsafeMode();
    database.exec(
      `PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql = 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE unicode)'`,
    );
    database.close();
    const source = await setting.open(path);
    assert.deepEqual(await readRows(source, 't', ['a']), [['x'], ['y'], ['x']]);
    assert.equal((await source.aggregates('t', ['a']))[0]!.distinct, '2');
    assert.equal((await source.introspect()).tables[0]!.columns[1]!.collation, 'unicode');
  });

  it('damage that shows only while reading is named with its table', async () => {
    const path = setting.make(`CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t SELECT i, 'row ' || i FROM n;`);
    const source = await setting.open(path);
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(4_096, 0xee), 0, 4_096, 4 * 4_096);
    closeSync(file);
    await assert.rejects(readRows(source, 't', ['b']), {
      code: 'corrupt-store',
      context: { path, table: 't', detail: 'database disk image is malformed' },
    });
  });
});

describe('splitting a SQLite table', () => {
  const setting = new SqliteSetting();
  afterEach(() => setting.clear());

  const spreads: Readonly<Record<string, string>> = {
    dense: 'i',
    negative: 'i - 500',
    'one far away': 'CASE i WHEN 1000 THEN 9223372036854775807 WHEN 1 THEN -9223372036854775808 ELSE i END',
    squares: 'i * i * i',
  };
  for (const [name, rowid] of Object.entries(spreads)) {
    it(`rowids ${name}: parts of about the same size`, async () => {
      const source = await setting.with(`CREATE TABLE t (id INTEGER PRIMARY KEY);
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO t SELECT ${rowid} FROM n;`);
      const sizes = [];
      for (const range of await source.splitTable('t', 4)) sizes.push((await readRows(source, 't', ['id'], range)).length);
      assert.deepEqual(sizes, [250, 250, 250, 250]);
    });
  }

  it('has no more parts than rows', async () => {
    const source = await setting.with(`CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)`);
    assert.deepEqual(await source.splitTable('t', 8), [{ upTo: '1' }, { after: '1' }]);
  });
});

/** Every cursor gives exactly the rows behind it and the rows up to it, and cursors compare in the order of the rows. */
async function pagesExactly(source: Source, table: string, column: string): Promise<void> {
  const all: SourceValue[] = (await readRows(source, table, [column])).flat();
  const cursors: string[] = [];
  for await (const batch of source.readBatches(table, { columns: [column], signal: never, batchBytes: 1 }))
    batch.rows.forEach((_, i) => cursors.push(batch.cursorAt(i)));
  assert.equal(cursors.length, all.length);
  for (const [i, cursor] of cursors.entries()) {
    assert.deepEqual((await readRows(source, table, [column], { after: cursor })).flat(), all.slice(i + 1));
    assert.deepEqual((await readRows(source, table, [column], { upTo: cursor })).flat(), all.slice(0, i + 1));
    for (const [j, other] of cursors.entries()) assert.equal(Math.sign(source.compareCursors(cursor, other)), Math.sign(i - j));
  }
}
