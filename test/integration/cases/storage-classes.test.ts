import assert from 'node:assert/strict';
import { amongGoodRows, columnOf, describeCase } from '../../helpers/case-setting.ts';

describeCase('S03', 'four storage classes in a column declared INTEGER', (setting) => {
  const store = amongGoodRows('INTEGER', ['5', "'abc'", '1.5', "x'0102'"], 'n');

  it('bigint is kept: one is loaded, three are rejected with their rowid and kind', () =>
    setting.migrate(store, async (run) => {
      const column = run.column('v');
      assert.equal(column.type, 'bigint');
      assert.equal(column.expectedRejects, 3);
      assert.match(column.evidence ?? '', /^1001 of 1004 values are integers, max 1000; 1 real, .*; 1 text, .*; 1 blob, .*$/);
      assert.deepEqual(await run.query(`SELECT id FROM ${run.name('t')} WHERE id < 1000`), [['1']]);
      assert.deepEqual(
        run.rejects.map(({ provenance, column: name, code, message, value }) => [provenance, name, code, message, value]),
        [
          ['rowid 2', 'v', 'wrong-type', 'a text of 3 characters is not an integer', 'abc'],
          ['rowid 3', 'v', 'wrong-type', 'a real number with a fraction is not an integer', '1.5'],
          ['rowid 4', 'v', 'wrong-type', 'a blob of 2 bytes is not an integer', '\x01\x02'],
        ],
      );
      assert.equal(run.result.status, 'partial');
      for (const id of [2, 3, 4]) assert.match(run.reportText, new RegExp(`rowid ${id} .*wrong-type`));
      await run.compare('t', { id: 'integer', v: 'integer' }, 'id NOT IN (2, 3, 4)');
    }));

  it('under stop the run is refused before anything is created', async () => {
    const error = await setting.refuse({ ...store, options: { onReject: 'stop' } }, 'rejects-expected');
    assert.equal(error.context['rejects'], 3);
  });

  it('as text all four are loaded, and each that was none is counted', () =>
    setting.migrate(
      { ...store, edit: (plan) => Object.assign(columnOf(plan, 'v'), { type: 'text', convert: 'blob-text', expectedRejects: 0 }) },
      async (run) => {
        assert.deepEqual((await run.cells('v')).slice(0, 4), ['5', 'abc', '1.5', '\x01\x02']);
        assert.deepEqual([run.result.status, run.losses()], ['done', { 'v: number as text': 1002, 'v: blob as text': 1 }]);
      },
    ));
});

describeCase('S04', 'a column declared BOOLEAN', (setting) => {
  const values = ['0', '1', "'true'", "'f'", 'NULL', '2'];

  it('flags in every spelling, NULL, and a 2 that is rejected; the default 0 is false', () =>
    setting.migrate(amongGoodRows('BOOLEAN DEFAULT 0', values, 'n % 2'), async (run) => {
      assert.equal(run.column('v').type, 'boolean');
      assert.deepEqual((await run.cells('v')).slice(0, 5), ['false', 'true', 'true', 'false', null]);
      assert.deepEqual(
        run.rejects.map(({ provenance, code, value }) => [provenance, code, value]),
        [['rowid 6', 'wrong-type', '2']],
      );
      await run.compare('t', { id: 'integer', v: 'boolean' }, 'id <> 6');
      await run.attempt(async (session) => {
        const { rows } = await session.query(`INSERT INTO ${run.name('t')} (id) VALUES (9999) RETURNING v`);
        assert.deepEqual(
          rows.map((row) => row['v']),
          [false],
        );
      });
    }));
});

describeCase('S12', 'blobs, and text in a column declared BLOB', (setting) => {
  const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString('hex');

  it('bytes are equal, empty is not NULL, text is kept as its bytes and counted', () =>
    setting.migrate(amongGoodRows('BLOB', [`x'${all}'`, "x''", 'NULL', "'AAAA'"], 'zeroblob(n % 7)'), async (run) => {
      assert.equal(run.column('v').type, 'bytea');
      assert.deepEqual((await run.cells('v')).slice(0, 4), [`\\x${all}`, '\\x', null, '\\x41414141']);
      assert.match(run.column('v').evidence ?? '', /1 text/);
      assert.ok(run.planned.warnings.some(({ code, message }) => code === 'text-as-bytes' && message.includes('1 value ')));
      await run.compare('t', { id: 'integer', v: 'bytes' });
      assert.deepEqual([run.result.status, run.losses()], ['done', { 'v: text as bytes': 1 }]);
      assert.match(run.reportText, /text as bytes \| +1 \| 1 text became the bytes of its UTF-8/);
    }));
});

describeCase('S31', 'no declared type and four kinds of values', (setting) => {
  const store = { sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t (v) VALUES (1), ('t'), (x'ff'), (2.5);` };

  it('all four are loaded as bytea, and what was no blob is counted', () =>
    setting.migrate(store, async (run) => {
      assert.equal(run.column('v').type, 'bytea');
      assert.deepEqual(await run.cells('v'), ['\\x31', '\\x74', '\\xff', '\\x322e35']);
      await run.compare('t', { id: 'integer', v: 'bytes' });
      assert.deepEqual([run.result.status, run.losses()], ['done', { 'v: number as bytes': 2, 'v: text as bytes': 1 }]);
    }));

  it('without the blob it is text', () =>
    setting.migrate({ sql: `${store.sql} DELETE FROM t WHERE id = 3;` }, async (run) => {
      assert.equal(run.column('v').type, 'text');
      assert.deepEqual(await run.cells('v'), ['1', 't', '2.5']);
      assert.deepEqual([run.result.status, run.losses()], ['done', { 'v: number as text': 2 }]);
    }));

  it('integers and reals are double precision, exactly', () =>
    setting.migrate({ sql: `${store.sql} DELETE FROM t WHERE id IN (2, 3);` }, async (run) => {
      assert.equal(run.column('v').type, 'double precision');
      assert.deepEqual(await run.cells('v'), ['1', '2.5']);
      assert.deepEqual([run.result.status, run.losses()], ['done', { 'v: integer as real': 1 }]);
    }));
});

describeCase('S31', 'texts that the plan reads as NULL', (setting) => {
  it('are NULL whatever the type, are counted, and the independent aggregates agree', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, v, w TEXT);
          INSERT INTO t (v, w) VALUES (1, 'x'), ('NA', 'NA'), (2.5, '-'), (NULL, NULL), ('-', 'NA');`,
        edit: (plan) => {
          Object.assign(columnOf(plan, 'v'), { type: 'numeric', nullTokens: ['NA', '-'], loss: 'exact' });
          Object.assign(columnOf(plan, 'w'), { nullTokens: ['NA'] });
        },
      },
      async (run) => {
        assert.deepEqual(await run.cells('v'), ['1', null, '2.5', null, null]);
        assert.deepEqual(await run.cells('w'), ['x', null, '-', null, null]);
        assert.deepEqual([run.result.status, run.losses()], ['done', { 'v: null token': 2, 'w: null token': 2 }]);
        assert.ok(run.result.verification.tables[0]?.aggregates.some(({ column, aggregate }) => column === 'w' && aggregate === 'length'));
      },
    ));

  it('every text of a column', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, w TEXT); INSERT INTO t (v, w) VALUES ('', 'NA'), ('', 'NA'), (NULL, NULL);`,
        edit: (plan) => {
          for (const name of ['v', 'w'])
            Object.assign(columnOf(plan, name), { type: 'text', nullTokens: ['', 'NA'], loss: 'exact', convert: null });
        },
      },
      async (run) => {
        assert.deepEqual(await run.cells('v'), [null, null, null]);
        assert.deepEqual(await run.cells('w'), [null, null, null]);
      },
    ));

  it('the empty text too, where it would be kept', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB, w TEXT, n INTEGER);
          INSERT INTO t (v, w, n) VALUES (x'01', 'x', 1), ('', '', ''), ('NA', 'NA', 'NA'), (NULL, 'y', 2);`,
        edit: (plan) => {
          for (const [name, type] of [
            ['v', 'bytea'],
            ['w', 'text'],
            ['n', 'bigint'],
          ] as const)
            Object.assign(columnOf(plan, name), { type, nullTokens: ['', 'NA'], loss: 'exact', convert: null });
        },
      },
      async (run) => {
        assert.deepEqual(await run.cells('w'), ['x', null, null, 'y']);
        assert.deepEqual(await run.cells('n'), ['1', null, null, '2']);
        assert.deepEqual(run.losses(), { 'v: null token': 2, 'w: null token': 2, 'n: empty as null': 1, 'n: null token': 1 });
      },
    ));
});
