import assert from 'node:assert/strict';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { describeCase, type CaseRun } from '../../helpers/case-setting.ts';

/** Id that the target gives to a new row. */
async function nextId(run: CaseRun, table: string, insert = 'DEFAULT VALUES'): Promise<unknown> {
  let id: unknown;
  await run.attempt(async (session) => {
    const { rows } = await session.query(`INSERT INTO ${run.name(table)} ${insert} RETURNING id::text`);
    id = rows[0]?.['id'];
  });
  return id;
}

async function foreignKeys(run: CaseRun, table: string): Promise<readonly string[]> {
  const rows = await run.query(
    `SELECT pg_get_constraintdef(oid) || CASE WHEN convalidated THEN '' ELSE ' (unproved)' END FROM pg_constraint
     WHERE conrelid = '${run.name(table)}'::regclass AND contype = 'f' ORDER BY 1`,
  );
  return rows.map(([definition]) => String(definition).replaceAll(`${run.schema}.`, '').replace(' NOT VALID (unproved)', ' NOT VALID'));
}

describeCase('S13', 'AUTOINCREMENT with a mark above the largest id', (setting) => {
  it('the next row gets 51', () =>
    setting.migrate(
      {
        sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v); INSERT INTO t VALUES (41, 1), (50, 2); DELETE FROM t WHERE id = 50;',
      },
      async (run) => assert.equal(await nextId(run, 't'), '51'),
    ));

  it('with the largest integer taken there is no next row, as in SQLite, and the run says so', () =>
    setting.migrate(
      { sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v); INSERT INTO t VALUES (9223372036854775807, 1);' },
      async (run) => {
        const [sequence] = run.result.verification.tables[0]?.constraints.filter(({ kind }) => kind === 'sequence') ?? [];
        assert.equal(sequence?.status, 'warning');
        assert.match(sequence.message, /t\.id cannot number new rows: the largest number is taken/);
        await assert.rejects(nextId(run, 't'), /reached maximum value of sequence/);
        assert.equal(await nextId(run, 't', '(id, v) VALUES (5, 1)'), '5');
      },
    ));
});

describeCase('S14', 'AUTOINCREMENT of an empty table', (setting) => {
  it('has an identity; the first row gets 1', () =>
    setting.migrate({ sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v);' }, async (run) =>
      assert.equal(await nextId(run, 't'), '1'),
    ));
});

describeCase('S15', 'INTEGER PRIMARY KEY without AUTOINCREMENT', (setting) => {
  it('is an identity behind the largest id; INSERT (v) works, an id of one’s own as well', () =>
    setting.migrate({ sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (7, 1), (-3, 2);' }, async (run) => {
      assert.equal(await nextId(run, 't', `(v) VALUES ('x')`), '8');
      assert.equal(await nextId(run, 't', `(id, v) VALUES (100, 'x')`), '100');
    }));
});

describeCase('S16', 'a foreign key of two columns', (setting) => {
  it('stays one key with its actions', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE p (a INT, b TEXT, PRIMARY KEY (a, b)); CREATE TABLE c (id INTEGER PRIMARY KEY, x TEXT, y INT,
            FOREIGN KEY (y, x) REFERENCES p(a, b) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED);
          INSERT INTO p VALUES (1, 'z'), (2, 'z'); INSERT INTO c VALUES (1, 'z', 1), (2, NULL, 9);`,
      },
      async (run) => {
        assert.deepEqual(await foreignKeys(run, 'c'), [
          'FOREIGN KEY (y, x) REFERENCES p(a, b) ON UPDATE SET NULL ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED',
        ]);
        await run.attempt(async (session) => {
          await session.query(`DELETE FROM ${run.name('p')} WHERE a = 1`);
          assert.deepEqual((await session.query(`SELECT id::text FROM ${run.name('c')}`)).rows, [{ id: '2' }]);
        });
      },
    ));
});

describeCase('S17', 'REFERENCES without a column', (setting) => {
  it('means the primary key of the parent, of one column or of two', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE "Parent" (id INTEGER PRIMARY KEY); CREATE TABLE pair (a INT, b INT, PRIMARY KEY (b, a));
          CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES parent, x INT, y INT, FOREIGN KEY (x, y) REFERENCES pair);
          INSERT INTO "Parent" VALUES (4); INSERT INTO pair VALUES (1, 2); INSERT INTO c VALUES (1, 4, 2, 1);`,
      },
      async (run) =>
        assert.deepEqual(await foreignKeys(run, 'c'), [
          'FOREIGN KEY (p) REFERENCES "Parent"(id)',
          'FOREIGN KEY (x, y) REFERENCES pair(b, a)',
        ]),
    ));
});

describeCase('S18', 'a child without a parent', (setting) => {
  it('is loaded; the key is there, not proved, and the orphan is named', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p, gone INT REFERENCES nowhere);
          INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1, 1), (2, 77, 2);`,
      },
      async (run) => {
        assert.deepEqual(await foreignKeys(run, 'c'), ['FOREIGN KEY (p) REFERENCES p(id) NOT VALID']);
        const check = run.result.verification.tables.flatMap(({ constraints }) => constraints).find(({ kind }) => kind === 'foreign-key');
        assert.equal(check?.status, 'warning');
        assert.match(String(check?.message), /NOT VALID.*1 orphan/);
        const list = {
          table: `${run.schema}.c`,
          constraint: 'c_p_fkey',
          columns: ['p'],
          references: `${run.schema}.p`,
          referencesColumns: ['id'],
          total: 1,
          rows: [{ key: ['2'], values: ['77'], provenance: 'rowid 2' }],
        };
        assert.deepEqual(run.result.orphans, [list]);
        assert.deepEqual(run.report.orphans, [list]);
        assert.match(run.reportText, /## Rows without a parent\n\n1 row, loaded/);
        assert.match(run.reportText, /\| 2 +\| rowid 2 +\| c_p_fkey +\| p +\| 77 +\| s18_\d+\.p \(id\) \|/);
        assert.match(run.reportText, /The foreign key \(gone\) to nowhere .* is not carried over: there is no such table/);
      },
    ));
});

describeCase('S18', 'children without a parent, set aside by choice', (setting) => {
  const setAside = (plan: PlanInput): void => {
    for (const table of plan.tables) table.foreignKeys = (table.foreignKeys ?? []).map((key) => ({ ...key, orphans: 'quarantine' }));
  };

  it('are rejects with the original value, and so are the rows that refer to them; the keys are proved', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p ON DELETE CASCADE);
          CREATE TABLE g (c INT REFERENCES c, note TEXT); CREATE TABLE h (k TEXT PRIMARY KEY, x INT, y TEXT, FOREIGN KEY (x, y) REFERENCES pair(a, b)) WITHOUT ROWID;
          CREATE TABLE pair (a INT, b TEXT, PRIMARY KEY (a, b));
          INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1), (2, 77), (3, NULL); INSERT INTO g VALUES (2, 'gone'), (1, 'kept'), (2, 'gone');
          INSERT INTO pair VALUES (1, 'z'); INSERT INTO h VALUES ('good', 1, 'z'), ('half', NULL, 'q'), ('bad', 1, 'q');`,
        edit: setAside,
      },
      async (run) => {
        assert.deepEqual(await foreignKeys(run, 'c'), ['FOREIGN KEY (p) REFERENCES p(id) ON DELETE CASCADE']);
        assert.deepEqual(await foreignKeys(run, 'g'), ['FOREIGN KEY (c) REFERENCES c(id)']);
        assert.deepEqual(await foreignKeys(run, 'h'), ['FOREIGN KEY (x, y) REFERENCES pair(a, b)']);
        assert.deepEqual(
          run.rejects
            .map(({ table, provenance, column, code, value }) => [table.split('.')[1], provenance, column, code, value])
            .toSorted(),
          [
            ['c', 'rowid 2', 'p', 'orphan', '77'],
            ['g', 'rowid 1', 'c', 'orphan', '2'],
            ['g', 'rowid 3', 'c', 'orphan', '2'],
            ['h', "key 'bad'", null, 'orphan', 'k = "bad", x = 1, y = "q"'],
          ],
        );
        assert.match(run.reportText, /Foreign key "c_p_fkey" \(p\) refers to a row of .* that is not there/);
        assert.match(run.reportText, /"g_c_fkey" \(c\) refers to a row of .* that is set aside as well/);
        assert.deepEqual([run.result.status, run.result.rejects, run.result.warnings, run.result.orphans], ['partial', 4, [], []]);
        assert.deepEqual(await run.query(`SELECT c::text, note FROM ${run.name('g')}`), [['1', 'kept']]);
        assert.deepEqual(await run.judge(), []);
      },
    ));

  it('also in a table that refers to itself, and in a circle of tables', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE tree (id INTEGER PRIMARY KEY, up INT REFERENCES tree);
          CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b, up INT REFERENCES a); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a);
          INSERT INTO tree VALUES (1, 1), (2, 1), (3, 99), (4, 5), (5, 3), (6, 4), (7, NULL), (8, 9), (9, 8);
          INSERT INTO a VALUES (1, 1, NULL), (2, 2, 1), (3, NULL, 2), (4, 4, NULL); INSERT INTO b VALUES (1, 1), (2, 2), (4, 5);
          INSERT INTO a VALUES (5, 4, NULL), (6, 66, NULL), (7, 1, 6);`,
        edit: setAside,
      },
      async (run) => {
        const left = async (table: string): Promise<unknown> =>
          (await run.query(`SELECT id::text FROM ${run.name(table)} ORDER BY id`)).flat();
        assert.deepEqual(await left('tree'), ['1', '2', '7', '8', '9']);
        // The circle of 4 and 5 is whole; 6 has no parent, and 7 refers to it.
        assert.deepEqual(await left('a'), ['1', '2', '3', '4', '5']);
        assert.deepEqual(await left('b'), ['1', '2', '4']);
        assert.equal(run.result.rejects, 6);
        for (const table of ['tree', 'a', 'b']) for (const key of await foreignKeys(run, table)) assert.doesNotMatch(key, /NOT VALID/);
      },
    ));
});

describeCase('S19', 'cycles and self-references', (setting) => {
  it('both keys are proved, whatever the order of the rows', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b, up INT REFERENCES a ON DELETE SET NULL); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a);
          INSERT INTO a VALUES (1, 1, 2), (2, NULL, NULL); INSERT INTO b VALUES (1, 2);`,
      },
      async (run) => {
        assert.deepEqual(await foreignKeys(run, 'a'), [
          'FOREIGN KEY (b) REFERENCES b(id)',
          'FOREIGN KEY (up) REFERENCES a(id) ON DELETE SET NULL',
        ]);
        assert.deepEqual(await foreignKeys(run, 'b'), ['FOREIGN KEY (a) REFERENCES a(id)']);
      },
    ));
});

describeCase('S21', 'WITHOUT ROWID with a text key', (setting) => {
  it('has the same key, and is paged by it', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE w (k TEXT, part INT, v TEXT, PRIMARY KEY (part, k)) WITHOUT ROWID;
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) INSERT INTO w SELECT 'k' || i || char(228), i % 7, i FROM n;
          CREATE TABLE s (k TEXT NOT NULL PRIMARY KEY, v ANY) STRICT, WITHOUT ROWID; INSERT INTO s VALUES ('b', 1), ('B', 'x');`,
      },
      async (run) => {
        assert.deepEqual([run.plan.tables[0]?.primaryKey, run.plan.tables[1]?.primaryKey], [['part', 'k'], ['k']]);
        assert.deepEqual(await run.query(`SELECT count(*)::text, sum(v::int)::text FROM ${run.name('w')}`), [['4000', '8002000']]);
        await assert.rejects(run.query(`INSERT INTO ${run.name('w')} SELECT * FROM ${run.name('w')} LIMIT 1`), /w_pkey/);
        assert.match(run.reportText, /WITHOUT ROWID/);
      },
    ));
});

describeCase('S34', 'TEXT PRIMARY KEY with two NULLs', (setting) => {
  it('keeps the rows, refuses the key with the reason, and stays unique', () =>
    setting.migrate(
      { sql: `CREATE TABLE t (k TEXT PRIMARY KEY, v INT); INSERT INTO t VALUES ('a', 1), (NULL, 2), (NULL, 3), ('b', 4);` },
      async (run) => {
        assert.deepEqual([run.plan.tables[0]?.primaryKey ?? [], run.plan.tables[0]?.uniques], [[], [['k']]]);
        assert.deepEqual(await run.query(`SELECT count(*)::text, count(k)::text AS keys FROM ${run.name('t')}`), [['4', '2']]);
        await assert.rejects(run.query(`INSERT INTO ${run.name('t')} VALUES ('a', 9)`), /duplicate key/);
        assert.match(run.reportText, /\(k\) cannot be the primary key: 2 values of k are NULL or become NULL\. It stays unique/);
      },
    ));

  it('so does a key of a text whose case does not count and a vector', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (k TEXT COLLATE NOCASE, e VECTOR(3), PRIMARY KEY (k, e)); INSERT INTO t VALUES ('a', '[1,2,3]'), ('a', '[1,2,4]'), ('b', NULL);`,
      },
      async (run) => {
        assert.equal(run.column('e').type, 'vector(3)');
        assert.deepEqual(await run.query(`SELECT count(*)::text FROM ${run.name('t')}`), [['3']]);
        await assert.rejects(run.query(`INSERT INTO ${run.name('t')} VALUES ('A', '[1,2,4]')`), /duplicate key/);
      },
    ));
});

describeCase('S38', 'odd type names', (setting) => {
  it('are never fatal and mean what their affinity says', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, a UNSIGNED BIG INT, b double precision, c int(5), d NATIVE CHARACTER(70), e "odd type", f FLOATING POINT, g some words here(3), h "any"(1,2), i [VARYING CHARACTER] (255), over INT, filter TEXT CHECK (filter <> ''));
          INSERT INTO t VALUES (1, 9007199254740993, 0.1, 5, 'x', 7, 2, 8, 'z', 'w', 1, 'f'); CREATE TABLE s (id INTEGER PRIMARY KEY, v ANY) STRICT; INSERT INTO s VALUES (1, 'x'), (2, 5);`,
      },
      async (run) => {
        const types = Object.fromEntries(run.plan.tables.flatMap(({ columns = [] }) => columns.map(({ to, type }) => [to, type])));
        assert.deepEqual([types['a'], types['b'], types['c'], types['v']], ['bigint', 'double precision', 'bigint', 'text']);
        assert.deepEqual(await run.query(`SELECT a::text, c::text, e::text, f::text, g::text, h, i FROM ${run.name('t')}`), [
          ['9007199254740993', '5', '7', '2', '8', 'z', 'w'],
        ]);
        assert.deepEqual(await run.cells('v', 's'), ['x', '5']);
        await assert.rejects(run.query(`INSERT INTO ${run.name('t')} (filter) VALUES ('')`), /check/);
      },
    ));
});
