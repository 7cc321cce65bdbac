import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import type { CatalogTable } from '../../../../../src/core/model/catalog.ts';
import { openForReading } from '../../../../../src/core/sources/shared/sqlite/connection.ts';
import { introspectTable } from '../../../../../src/core/sources/sqlite/introspect-table.ts';
import { readRows, SqliteSetting } from './sqlite-setting.ts';

describe('introspection of SQLite', () => {
  const setting = new SqliteSetting();
  afterEach(() => setting.clear());

  async function tables(sql: string): Promise<Readonly<Record<string, CatalogTable>>> {
    const catalog = await (await setting.with(sql)).introspect();
    return Object.fromEntries(catalog.tables.map((table) => [table.name, table]));
  }

  it('S13 S14 S15 identity and next value: AUTOINCREMENT keeps its high-water mark, INTEGER PRIMARY KEY has none', async () => {
    const found = await tables(`
      CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, v); INSERT INTO counted VALUES (50, 1), (41, 1); DELETE FROM counted WHERE id = 50;
      CREATE TABLE fresh (id INTEGER PRIMARY KEY AUTOINCREMENT, v);
      CREATE TABLE behind (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO behind VALUES (7); UPDATE sqlite_sequence SET seq = 3 WHERE name = 'behind';
      CREATE TABLE full (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO full VALUES (9223372036854775807);
      CREATE TABLE plain (id INTEGER PRIMARY KEY, v DEFAULT 'AUTOINCREMENT' /* AUTOINCREMENT */); INSERT INTO plain VALUES (9, 1);
      CREATE TABLE other (id INT PRIMARY KEY, v);
      CREATE TABLE odd (id INTEGER PRIMARY KEY DESC)`);
    assert.deepEqual(
      ['counted', 'fresh', 'behind', 'full', 'plain', 'other'].map((name) => found[name]!.nextIdentity),
      [51n, 1n, 8n, null, null, null],
    );
    const identity = (name: string): readonly boolean[] => found[name]!.columns.map((column) => column.identity);
    assert.deepEqual(identity('plain'), [true, false]);
    assert.deepEqual(identity('other'), [false, false]);
    assert.deepEqual(identity('odd'), [false], 'INTEGER PRIMARY KEY DESC is not the rowid: https://sqlite.org/lang_createtable.html#rowid');
    assert.equal(found['plain']!.columns[0]!.nullable, false);
    assert.equal(found['other']!.columns[0]!.nullable, true, 'S34 SQLite allows NULL in such a key');
    assert.deepEqual(
      Object.values(found).map(({ rows }) => rows),
      [1, 0, 1, 1, 1, 0, 0],
    );
  });

  it('S16 S17 S19 foreign keys: several columns, actions, an implicit parent column, cycles, deferral', async () => {
    const found = await tables(`
      CREATE TABLE "Parent" (A, B, "Order" INTEGER PRIMARY KEY, UNIQUE (A, B));
      CREATE TABLE child (a, b, p INTEGER REFERENCES parent, q REFERENCES PARENT ("order") ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED,
        r REFERENCES child (s) NOT DEFERRABLE INITIALLY DEFERRED, s UNIQUE, FOREIGN KEY (a, b) REFERENCES parent (a, B) ON DELETE CASCADE)`);
    const keys = found['child']!.foreignKeys.map((key) => [
      key.columns,
      key.references,
      key.referencesColumns,
      key.onDelete,
      key.onUpdate,
      key.deferrable,
    ]);
    assert.deepEqual(keys, [
      [['p'], 'Parent', ['Order'], 'no action', 'no action', false],
      [['q'], 'Parent', ['Order'], 'no action', 'set null', true],
      [['r'], 'child', ['s'], 'no action', 'no action', false],
      [['a', 'b'], 'Parent', ['A', 'B'], 'cascade', 'no action', false],
    ]);
    assert.deepEqual(found['child']!.notes, []);
  });

  it('S18 a parent that does not exist is kept as written and said so', async () => {
    const { child } = await tables(
      `CREATE TABLE child (a REFERENCES nowhere, b REFERENCES nowhere (x), c REFERENCES child (y), d REFERENCES child)`,
    );
    assert.deepEqual(
      child!.foreignKeys.map(({ references, referencesColumns }) => [references, referencesColumns]),
      [
        ['nowhere', ['a']],
        ['nowhere', ['x']],
        ['child', ['y']],
        ['child', ['d']],
      ],
    );
    assert.deepEqual(child!.notes, [
      'foreign key (a) references nowhere, which does not exist',
      'foreign key (b) references nowhere, which does not exist',
      'foreign key (c) references columns that child does not have',
      'foreign key (d) references columns that child does not have',
    ]);
  });

  it('S20 generated columns with their expressions', async () => {
    const { g } = await tables(
      `CREATE TABLE g (a INT, "b ""x""" TEXT GENERATED ALWAYS AS (a || ')' /* ( */) STORED, c AS (a * (2 + 1)) VIRTUAL, d INT DEFAULT 5)`,
    );
    assert.deepEqual(
      g!.columns.map(({ name, generated }) => [name, generated]),
      [
        ['a', null],
        ['b "x"', { expression: "a || ')'", stored: true }],
        ['c', { expression: 'a * (2 + 1)', stored: false }],
        ['d', null],
      ],
    );
  });

  it('S43 a table without a primary key says under which name its rows are numbered, and that number is read like a column', async () => {
    const source = await setting.with(`
      CREATE TABLE plain (v); INSERT INTO plain (rowid, v) VALUES (-3, 'a'), (9007199254740993, 'b');
      CREATE TABLE hidden (v, rowid); CREATE TABLE buried (rowid, oid, _rowid_); CREATE TABLE keyed (id TEXT PRIMARY KEY); CREATE TABLE own (id INTEGER PRIMARY KEY)`);
    const { tables: found } = await source.introspect();
    assert.deepEqual(Object.fromEntries(found.map(({ name, rowNumber }) => [name, rowNumber])), {
      ...{ plain: 'rowid', hidden: '_rowid_', buried: undefined, keyed: undefined, own: undefined },
    });
    assert.deepEqual(await readRows(source, 'plain', ['v', 'rowid']), [
      ['a', -3n],
      ['b', 9007199254740993n],
    ]);
    const [numbers] = await source.aggregates('plain', ['rowid']);
    assert.deepEqual([numbers?.nulls, numbers?.min, numbers?.max, numbers?.sum], ['0', '-3', '9007199254740993', '9007199254740990']);
    await assert.rejects(readRows(source, 'buried', ['row']), { code: 'no-such-source-column' });
  });

  it('S21 WITHOUT ROWID and STRICT are noted, keys keep their order', async () => {
    const { w, s } = await tables(
      `CREATE TABLE w (a, b TEXT, c, PRIMARY KEY (c, a)) WITHOUT ROWID; CREATE TABLE s (a INTEGER PRIMARY KEY, b ANY) STRICT`,
    );
    assert.deepEqual(w!.primaryKey, ['c', 'a']);
    assert.deepEqual(
      w!.columns.map(({ nullable }) => nullable),
      [false, true, false],
    );
    assert.deepEqual([w!.notes, s!.notes], [['WITHOUT ROWID'], ['STRICT']]);
    assert.equal(s!.columns[1]!.declared, 'ANY');
  });

  it('S22 V07 virtual tables and their shadow tables are left out with a reason', async () => {
    const source = await setting.with(`
      CREATE VIRTUAL TABLE docs USING fts5(body, content=''); CREATE TABLE docs_mine (a); CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT);
      CREATE TABLE items_chunks (a); CREATE TABLE items_vector_chunks00 (a); CREATE TABLE items_sold (a);
      PRAGMA writable_schema = on;
      INSERT INTO sqlite_schema VALUES ('table', 'items', 'items', 0, 'CREATE VIRTUAL TABLE items USING vec0(embedding float[4])')`);
    const { tables: kept, skipped } = await source.introspect();
    assert.deepEqual(kept.map(({ name }) => name).toSorted(), ['docs_mine', 'items_sold', 't']);
    const reasons = Object.fromEntries(skipped.map(({ name, reason }) => [name, reason]));
    assert.match(reasons['docs']!, /full-text index \(fts5\) that keeps no texts/);
    assert.match(reasons['items']!, /virtual table \(vec0\)/);
    assert.match(reasons['sqlite_sequence']!, /AUTOINCREMENT/);
    for (const name of ['docs_data', 'docs_idx', 'docs_docsize', 'docs_config'])
      assert.match(reasons[name]!, /shadow table of the virtual table docs/);
    for (const name of ['items_chunks', 'items_vector_chunks00']) assert.match(reasons[name]!, /shadow table of the virtual table items/);
  });

  it('S22 full-text tables: their texts are a table, an index over another table belongs to that table', async () => {
    const source = await setting.with(`
      CREATE VIRTUAL TABLE own USING fts5(title, body, "key" UNINDEXED, tokenize = "porter unicode61", prefix='2 3');
      INSERT INTO own (rowid, title, body, "key") VALUES (7, 'a', 'b', 1);
      CREATE VIRTUAL TABLE old USING fts4(subject TEXT, body, notindexed=body, tokenize=porter);
      CREATE TABLE doc (id INTEGER PRIMARY KEY, Title TEXT, other TEXT);
      CREATE VIRTUAL TABLE doc_index USING fts5(title, content='DOC', content_rowid='id');
      CREATE VIRTUAL TABLE lost USING fts5(x, content='nowhere');
      PRAGMA writable_schema = on;
      INSERT INTO sqlite_schema VALUES ('table', 'foreign_words', 'foreign_words', 0, 'CREATE VIRTUAL TABLE foreign_words USING fts5(a, tokenize=chinese)')`);
    const { tables: kept, skipped } = await source.introspect();
    const found = Object.fromEntries(kept.map((table) => [table.name, table]));
    assert.deepEqual(Object.keys(found).toSorted(), ['doc', 'old', 'own']);
    assert.deepEqual(
      [found['own']!.columns.map(({ name }) => name), found['own']!.primaryKey, found['own']!.rows, found['own']!.fullText],
      [['rowid', 'title', 'body', 'key'], ['rowid'], 1, { name: 'own', columns: ['title', 'body'], tokenizer: 'porter unicode61' }],
    );
    assert.deepEqual(found['old']!.fullText, { name: 'old', columns: ['subject'], tokenizer: 'porter' });
    assert.deepEqual(found['doc']!.fullText, { name: 'doc_index', columns: ['Title'], tokenizer: '' });
    const reasons = Object.fromEntries(skipped.map(({ name, reason }) => [name, reason]));
    assert.match(reasons['doc_index']!, /over the texts of DOC, which has them itself/);
    assert.match(reasons['lost']!, /over the texts of nowhere/);
    assert.match(reasons['foreign_words']!, /cannot be read without its application/);
    assert.match(reasons['own_content']!, /shadow table of the virtual table own/);
  });

  it('S23 views and triggers with their text', async () => {
    const source = await setting.with(
      `CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END`,
    );
    const { views, triggers } = await source.introspect();
    assert.deepEqual(views, [{ name: 'v', schema: null, table: null, definition: 'CREATE VIEW v AS SELECT a FROM t' }]);
    assert.deepEqual(triggers, [
      { name: 'g', schema: null, table: 't', definition: 'CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END' },
    ]);
  });

  it('a view over what is gone, a broken trigger and a database without tables hinder nothing', async () => {
    const source = await setting.with(`CREATE TABLE gone (a); CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1);
      CREATE VIEW v AS SELECT b, unknown(a) FROM gone; CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO gone VALUES (1); END; DROP TABLE gone`);
    const catalog = await source.introspect();
    assert.deepEqual(
      [catalog.tables.map(({ name, rows }) => [name, rows]), catalog.views.length, catalog.triggers.length],
      [[['t', 1]], 1, 1],
    );
    const empty = await setting.open(setting.make('PRAGMA user_version = 1', 'empty.db'));
    assert.deepEqual(await empty.introspect(), { tables: [], views: [], triggers: [], skipped: [] });
  });

  it('S24 S25 S38 names, declared types and defaults are verbatim', async () => {
    const found = await tables(`
      CREATE TABLE "Camel ""Case""" ("Order" UNSIGNED BIG INT DEFAULT (1 + 2), [select] double precision DEFAULT 'it''s', \`with space\` int(5) NOT NULL DEFAULT CURRENT_TIMESTAMP,
        ünïcödé DEFAULT "dq", n DEFAULT NULL, neg DEFAULT -1)`);
    assert.deepEqual(
      found['Camel "Case"']!.columns.map((column) => [column.name, column.declared, column.default, column.nullable]),
      [
        ['Order', 'UNSIGNED BIG INT', '1 + 2', true],
        ['select', 'double precision', "'it''s'", true],
        ['with space', 'int(5)', 'CURRENT_TIMESTAMP', false],
        ['ünïcödé', '', '"dq"', true],
        ['n', '', 'NULL', true],
        ['neg', '', '-1', true],
      ],
    );
  });

  it('S27 partial, expression and descending indexes; primary keys and UNIQUE are no indexes', async () => {
    const { t } = await tables(`
      CREATE TABLE t (a TEXT PRIMARY KEY, b TEXT UNIQUE, c);
      CREATE UNIQUE INDEX one ON t (lower(a), c COLLATE NOCASE DESC) WHERE b IS NOT NULL -- why
        AND c > ')';
      CREATE INDEX two ON t (c)`);
    assert.deepEqual(
      t!.indexes.map(({ name, unique, parts, where }) => ({ name, unique, parts, where })),
      [
        {
          name: 'one',
          unique: true,
          parts: [
            { column: null, expression: 'lower(a)', descending: false, collation: null },
            { column: 'c', expression: null, descending: true, collation: 'NOCASE' },
          ],
          where: "b IS NOT NULL -- why\n        AND c > ')'",
        },
        { name: 'two', unique: false, parts: [{ column: 'c', expression: null, descending: false, collation: null }], where: null },
      ],
    );
    assert.deepEqual(t!.uniques, [{ name: null, columns: ['b'], collations: [null] }]);
  });

  it('S28 the collation of a unique column', async () => {
    const { t } = await tables(`CREATE TABLE t (email TEXT COLLATE NOCASE UNIQUE, b, UNIQUE (b, email))`);
    assert.deepEqual(t!.uniques, [
      { name: null, columns: ['email'], collations: ['NOCASE'] },
      { name: null, columns: ['b', 'email'], collations: [null, 'NOCASE'] },
    ]);
    assert.deepEqual(
      t!.columns.map(({ collation }) => collation),
      ['NOCASE', null],
    );
  });

  it('S29 CHECK constraints with their names; CHECK in a text, a comment or a name is none', async () => {
    const { t, u } = await tables(`
      CREATE TABLE t (v INT CHECK (v BETWEEN 0 AND 10), w, CONSTRAINT c CHECK ((w) <> 'CHECK (x)'));
      CREATE TABLE u (v DEFAULT 'CHECK (1)', "CHECK" INT /* CHECK (v) */ -- CHECK (v)
      )`);
    assert.deepEqual(t!.checks, [
      { name: null, expression: 'v BETWEEN 0 AND 10' },
      { name: 'c', expression: "(w) <> 'CHECK (x)'" },
    ]);
    assert.deepEqual([u!.checks, t!.notes, u!.notes], [[], [], []]);
  });

  it('a table that SQLite cannot read without a collation of its application is left out with the reason', async () => {
    const path = setting.make(`CREATE TABLE t (k TEXT PRIMARY KEY) WITHOUT ROWID; CREATE TABLE u (a)`);
    const database = new Database(path).unsafeMode();
    database.exec(
      `PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql = 'CREATE TABLE t (k TEXT COLLATE german PRIMARY KEY) WITHOUT ROWID' WHERE name = 't'`,
    );
    database.close();
    const { tables: kept, skipped } = await (await setting.open(path)).introspect();
    assert.deepEqual(
      kept.map(({ name }) => name),
      ['u'],
    );
    assert.match(skipped[0]!.reason, /ordered by german/);
  });

  it('a column added later by ALTER TABLE is read like the others', async () => {
    const { t } = await tables(
      `CREATE TABLE t (a REFERENCES t); ALTER TABLE t ADD COLUMN b INT REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED; ALTER TABLE t ADD COLUMN c TEXT COLLATE NOCASE`,
    );
    assert.deepEqual(
      t!.foreignKeys.map(({ columns, deferrable }) => [columns, deferrable]),
      [
        [['a'], false],
        [['b'], true],
      ],
    );
    assert.equal(t!.columns[2]!.collation, 'NOCASE');
  });

  it('S38 a CREATE TABLE whose text cannot be read is known by what pragmas tell, and noted', () => {
    const connection = openForReading(
      setting.make(`CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL DEFAULT 'x' UNIQUE CHECK (a <> ''), b AS (a || 'x') REFERENCES t (a));
        PRAGMA foreign_keys = OFF; INSERT INTO t (a) VALUES ('y')`),
    );
    const row = { type: 'table', name: 't', tbl_name: 't', sql: 'CREATE TABLE t (words of a later SQLite' };
    const table = introspectTable(connection, row, [row], 'store.db');
    connection.close();
    assert.deepEqual(
      table.columns.map(({ name, nullable, default: value, generated, identity }) => [name, nullable, value, generated, identity]),
      [
        ['id', false, null, null, true],
        ['a', false, "'x'", null, false],
        ['b', true, null, { expression: '', stored: false }, false],
      ],
    );
    assert.deepEqual([table.nextIdentity, table.uniques.length, table.foreignKeys.length, table.checks], [2n, 1, 1, []]);
    assert.match(table.notes.join('\n'), /text of its CREATE TABLE cannot be read: CHECK constraints.* not carried over/);
  });

  it('all names of the rowid hidden by columns: noted', async () => {
    const { t } = await tables(`CREATE TABLE t (rowid, "_ROWID_", oid)`);
    assert.deepEqual(t!.notes, ['the rowid is hidden by columns of the same names: read in one range']);
  });
});
