import assert from 'node:assert/strict';
import { describeCase } from '../../helpers/case-setting.ts';

const long = 'n'.repeat(70);

describeCase('S25', 'names that need quotes', (setting) => {
  const sql = `
    CREATE TABLE "CamelCase" ("Order" INTEGER PRIMARY KEY AUTOINCREMENT, "select" TEXT NOT NULL DEFAULT 'x', "with space" INTEGER, "ünïcödé" TEXT COLLATE NOCASE UNIQUE,
      "HTTPCode" INT CONSTRAINT "Code Check" CHECK ("HTTPCode" > 99), "Sum It" INT AS ("with space" * 2), "say ""hi""" TEXT);
    CREATE UNIQUE INDEX "My Index" ON "CamelCase" (lower("select"), "with space" DESC) WHERE "HTTPCode" IS NOT NULL;
    CREATE TABLE "user" ("Order" INTEGER REFERENCES "camelcase", "end" TEXT, PRIMARY KEY ("Order", "end")) WITHOUT ROWID;
    CREATE VIRTUAL TABLE "Full Text" USING fts5("Some Title", body);
    INSERT INTO "CamelCase" ("Order", "with space", "ünïcödé", "HTTPCode", "say ""hi""") VALUES (7, 3, 'Ä', 404, 'q');
    INSERT INTO "user" VALUES (7, 'z'); INSERT INTO "Full Text" VALUES ('One', 'two');`;
  const styles = [
    [
      'preserve',
      'CamelCase',
      ['Order', 'select', 'with space', 'ünïcödé', 'HTTPCode', 'Sum It', 'say "hi"'],
      'My Index',
      'Code Check',
      'Full Text',
      'Some Title',
    ],
    [
      'lower',
      'camelcase',
      ['order', 'select', 'with space', 'ünïcödé', 'httpcode', 'sum it', 'say "hi"'],
      'my index',
      'code check',
      'full text',
      'some title',
    ],
    [
      'snake',
      'camel_case',
      ['order', 'select', 'with_space', 'ünïcödé', 'http_code', 'sum_it', 'say_hi'],
      'my_index',
      'code_check',
      'full_text',
      'some_title',
    ],
  ] as const;
  for (const [identifiers, table, columns, index, check, searched, title] of styles) {
    it(`are carried through keys, indexes, checks, sequences, defaults, generated columns and full text (${identifiers})`, () =>
      setting.migrate({ sql, options: { identifiers } }, async (run) => {
        const found = await run.query(
          `SELECT attname FROM pg_attribute WHERE attrelid = '${run.name(table)}'::regclass AND attnum > 0 ORDER BY attnum`,
        );
        assert.deepEqual(found.flat(), columns);
        const constraints = await run.query(
          `SELECT conname::text FROM pg_constraint WHERE conrelid = '${run.name(table)}'::regclass AND contype = 'c'`,
        );
        assert.deepEqual(constraints, [[check]]);
        const [definition] = await run.query(
          `SELECT pg_get_indexdef(c.oid) FROM pg_class c WHERE relname = '${index}' AND relnamespace = '${run.schema}'::regnamespace`,
        );
        assert.match(String(definition?.[0]), /UNIQUE INDEX .*lower\(.*DESC.* WHERE /);
        const keys = await run.query(
          `SELECT confrelid::regclass::text = '${run.name(table)}'::regclass::text, convalidated FROM pg_constraint WHERE conrelid = '${run.name('user')}'::regclass AND contype = 'f'`,
        );
        assert.deepEqual(keys, [[true, true]]);
        const quoted = columns.map((name) => `"${name.replaceAll('"', '""')}"`);
        const [added] = await run.query(
          `INSERT INTO ${run.name(table)} (${quoted[2]}, ${quoted[3]}) VALUES (21, 'new') RETURNING ${quoted[0]}::text, ${quoted[1]}, ${quoted[5]}::text`,
        );
        assert.deepEqual(added, ['8', 'x', '42']);
        await assert.rejects(run.query(`INSERT INTO ${run.name(table)} (${quoted[3]}) VALUES ('NEW')`), /duplicate/);
        await run.query(`DELETE FROM ${run.name(table)} WHERE ${quoted[0]} = 8`);
        assert.deepEqual(await run.query(`SELECT "${title}" FROM ${run.name(searched)} WHERE search @@ to_tsquery('simple', 'two')`), [
          ['One'],
        ]);
      }));
  }

  it('names that become one under a policy get a suffix, the same each time, and are listed', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE "a b" (id INTEGER PRIMARY KEY, "X y" INT, "x Y " INT); CREATE TABLE "A_B" (id INTEGER PRIMARY KEY, x INT); CREATE INDEX "One" ON "a b" ("X y"); CREATE INDEX "one_" ON A_B (x); CREATE INDEX a_b_ ON A_B (id);
          INSERT INTO "a b" VALUES (1, 2, 3); INSERT INTO A_B VALUES (1, 2);`,
        options: { identifiers: 'snake' },
      },
      async (run) => {
        const tables = run.plan.tables.map(({ to }) => String(to));
        assert.equal(new Set(tables).size, 2);
        assert.ok(tables.includes('a_b') && tables.some((name) => /^a_b_[0-9a-f]{8}$/.test(name)), tables.join());
        const relations = await run.query(
          `SELECT relname::text FROM pg_class WHERE relnamespace = '${run.schema}'::regnamespace AND relkind = 'i'`,
        );
        assert.equal(relations.length, 5);
        assert.match(run.reportText, /is called a_b_[0-9a-f]{8} in PostgreSQL, because its name is used already/);
      },
    ));
});

describeCase('S26', 'names of 71 characters that are equal in the first 63 bytes', (setting) => {
  it('get short names that differ, through keys, indexes, checks and generated columns; the map is in the report', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE ${long}1 (id INTEGER PRIMARY KEY, ${long}1 INT CHECK (${long}1 > 0), ${long}2 INT REFERENCES ${long}2, ${long}3 INT AS (${long}1 + 1), CONSTRAINT ${long}c CHECK (${long}2 < 9));
          CREATE TABLE ${long}2 (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE INDEX ${long}i ON ${long}1 (${long}1); CREATE INDEX ${long}j ON ${long}1 (${long}2);
          INSERT INTO ${long}2 VALUES (5); INSERT INTO ${long}1 VALUES (1, 2, 5);`,
      },
      async (run) => {
        const names = run.plan.tables.flatMap(({ to, columns = [], indexes = [] }) => [
          String(to),
          ...columns.map((column) => column.to),
          ...indexes.flatMap(({ name }) => name ?? []),
        ]);
        const short = names.filter((name) => name.startsWith('nn'));
        assert.ok(short.every((name) => Buffer.byteLength(name) === 63 && /_[0-9a-f]{8}$/.test(name)));
        const table = String(run.plan.tables[0]?.to);
        const computed = String(run.column(`${long}3`, `${long}1`).to);
        assert.deepEqual(await run.query(`SELECT "${computed}"::text FROM ${run.name(table)}`), [['3']]);
        const keys = await run.query(`SELECT contype::text FROM pg_constraint WHERE conrelid = '${run.name(table)}'::regclass ORDER BY 1`);
        assert.deepEqual(keys.filter(([type]) => type !== 'n').flat(), ['c', 'c', 'f', 'p']);
        for (const name of [`Table ${long}1`, `Column ${long}2`, `Index ${long}j`])
          assert.match(run.reportText, new RegExp(`${name} is called n+_[0-9a-f]{8} in PostgreSQL, because it is longer than 63 bytes`));
      },
    ));
});

describeCase('S42', 'names of system columns', (setting) => {
  it('are changed with a note; rows are read in order although the rowid is hidden', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (ctid INT, xmin TEXT, tableoid INT, rowid INT, cmax INT CHECK (cmax > 0), id INTEGER AS (ctid * 2) STORED); CREATE INDEX i ON t (xmin) WHERE ctid > 1;
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t (ctid, xmin, tableoid, rowid, cmax) SELECT i, 'x' || i, -i, 3000 - i, 1 FROM n;
          CREATE TABLE u (rowid INT, _rowid_ INT, oid INT); INSERT INTO u VALUES (2, 1, 0), (1, 2, 0);`,
      },
      async (run) => {
        const names = run.plan.tables[0]?.columns?.map(({ to }) => to);
        assert.deepEqual(names, ['ctid_', 'xmin_', 'tableoid_', 'rowid', 'cmax_', 'id']);
        assert.deepEqual(
          await run.query(`SELECT count(*)::text, sum(id)::text, count(DISTINCT rowid)::text AS different FROM ${run.name('t')}`),
          [['3000', '9003000', '3000']],
        );
        assert.deepEqual(await run.query(`SELECT rowid::text FROM ${run.name('u')} ORDER BY 1`), [['1'], ['2']]);
        for (const name of ['ctid', 'xmin', 'tableoid', 'cmax'])
          assert.match(
            run.reportText,
            new RegExp(`Column ${name} is called ${name}\\\\?_ in PostgreSQL, because PostgreSQL keeps this name`),
          );
      },
    ));
});
