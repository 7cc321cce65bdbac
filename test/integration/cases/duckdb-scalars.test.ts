import assert from 'node:assert/strict';
import { describeCase } from '../../helpers/case-setting.ts';
import { duckDbAmong, duckDbStore } from '../../helpers/duckdb.ts';

describeCase('D10', 'BIT, UUID and BLOB', (setting) => {
  it('are bit varying, uuid and bytea', () => {
    const sql = `CREATE TABLE t (id INTEGER, b BIT, u UUID, x BLOB);
      INSERT INTO t VALUES (1, '00101', '00000000-0000-0000-0000-000000000001', '\\x00\\xFF\\x00'),
        (2, '1', 'ffffffff-ffff-4fff-bfff-ffffffffffff', ''), (3, repeat('10', 40), 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', NULL);`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      assert.deepEqual(
        ['b', 'u', 'x'].map((name) => run.column(name).type),
        ['bit varying', 'uuid', 'bytea'],
      );
      assert.deepEqual(await run.cells('b'), ['00101', '1', '10'.repeat(40)]);
      assert.deepEqual(await run.cells('u'), [
        '00000000-0000-0000-0000-000000000001',
        'ffffffff-ffff-4fff-bfff-ffffffffffff',
        'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      ]);
      assert.deepEqual(await run.cells('x'), ['\\x00ff00', '\\x', null]);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});

describeCase('D11', 'ENUM', (setting) => {
  it('is a type of its own with the same order', () =>
    setting.migrate(
      duckDbAmong('size', [`'small'`, `'large'`, `''`, 'NULL'], `'large'`, `CREATE TYPE size AS ENUM ('small', 'large', '');`),
      async (run) => {
        assert.deepEqual(run.plan.enums, [{ name: 'size', values: ['small', 'large', ''] }]);
        assert.equal(run.column('v').type, '"size"');
        assert.deepEqual((await run.cells('v')).slice(0, 4), ['small', 'large', '', null]);
        const sorted = await run.query(
          `SELECT v::text FROM (SELECT DISTINCT v FROM ${run.name('t')} WHERE v IS NOT NULL) AS d ORDER BY d.v`,
        );
        assert.deepEqual(
          sorted.map(([label]) => label),
          ['small', 'large', ''],
        );
        assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
      },
    ));

  it('never takes the name of a table or of a type that is there', () => {
    const sql = `CREATE TYPE t AS ENUM ('a', 'b'); CREATE TYPE "vector" AS ENUM ('x');
      CREATE TABLE t (id INTEGER, v t, w "vector", y ENUM ('p', 'q')); INSERT INTO t VALUES (1, 'b', 'x', 'q');`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      const names = run.plan.enums?.map(({ name }) => String(name)) ?? [];
      assert.match(names[0] ?? '', /^t_[0-9a-f]{8}$/);
      assert.match(names[1] ?? '', /^vector_[0-9a-f]{8}$/);
      assert.equal(names[2], 't_y');
      assert.deepEqual(await run.query(`SELECT v::text, w::text, y::text FROM ${run.name('t')}`), [['b', 'x', 'q']]);
    });
  });
});

describeCase('D11', 'ENUM in keys and lists', (setting) => {
  it('keys between columns of one enum hold, also where PostgreSQL has no labels that long; in a list labels are texts', () => {
    const long = 'x'.repeat(64);
    const sql = `CREATE TYPE size AS ENUM ('small', 'large'); CREATE TYPE wordy AS ENUM ('${long}', 'y');
      CREATE TABLE p (k size PRIMARY KEY); CREATE TABLE c (id INTEGER, k size REFERENCES p (k), other ENUM ('small', 'large') REFERENCES p (k), l size[]);
      CREATE TABLE q (k wordy PRIMARY KEY); CREATE TABLE d (k wordy REFERENCES q (k));
      INSERT INTO p VALUES ('large'), ('small'); INSERT INTO c VALUES (1, 'large', 'small', ['large', NULL, 'small']), (2, NULL, NULL, []);
      INSERT INTO q VALUES ('${long}'); INSERT INTO d VALUES ('${long}');`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      assert.deepEqual(run.plan.enums, [{ name: 'size', values: ['small', 'large'] }]);
      assert.deepEqual(
        [
          run.column('k', 'p'),
          run.column('k', 'c'),
          run.column('other', 'c'),
          run.column('l', 'c'),
          run.column('k', 'q'),
          run.column('k', 'd'),
        ].map(({ type }) => type),
        ['"size"', '"size"', '"size"', 'text[]', 'text', 'text'],
      );
      const keys = await run.query(
        `SELECT conrelid::regclass::text AS t, count(*)::int AS n FROM pg_constraint WHERE contype = 'f' AND convalidated AND connamespace = '${run.schema}'::regnamespace GROUP BY 1 ORDER BY 1`,
      );
      assert.deepEqual(keys, [
        [`${run.schema}.c`, 2],
        [`${run.schema}.d`, 1],
      ]);
      assert.deepEqual(await run.query(`SELECT k::text AS k, other::text AS o, l::text AS l FROM ${run.name('c')} ORDER BY id`), [
        ['large', 'small', '{large,NULL,small}'],
        [null, null, '{}'],
      ]);
      assert.deepEqual(run.result.status, 'done');
    });
  });
});

describeCase('D21', 'names that differ in case only, and a text with chr(0)', (setting) => {
  it('names stay, and the NUL is met as the plan says', () => {
    const sql = `CREATE TABLE a ("ID" INTEGER, v VARCHAR); CREATE TABLE b (id INTEGER, v VARCHAR);
      INSERT INTO a SELECT n, 'good' FROM range(1, 1001) r(n); INSERT INTO a VALUES (1001, 'a' || chr(0) || 'b'); INSERT INTO b VALUES (1, 'x');`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      assert.deepEqual([run.column('ID', 'a').to, run.column('id', 'b').to], ['ID', 'id']);
      assert.deepEqual(
        run.rejects.map(({ provenance, code }) => [provenance, code]),
        [['rowid 1000', 'nul-byte']],
      );
      assert.deepEqual(await run.query(`SELECT count(*)::int FROM ${run.name('a')}`), [[1000]]);
    });
  });
});
