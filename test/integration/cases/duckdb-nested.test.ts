import assert from 'node:assert/strict';
import { describeCase } from '../../helpers/case-setting.ts';
import { duckDbAmong, duckDbStore } from '../../helpers/duckdb.ts';

describeCase('D12', 'lists of scalars', (setting) => {
  it('are arrays: a NULL inside, an empty one and NULL stay three things', () =>
    setting.migrate(duckDbAmong('INTEGER[]', ['[1, NULL, 3]', '[]', 'NULL'], '[n]'), async (run) => {
      assert.equal(run.column('v').type, 'integer[]');
      assert.deepEqual((await run.cells('v')).slice(0, 4), ['{1,NULL,3}', '{}', null, '{1}']);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    }));

  it('keep every digit of their elements', () => {
    const sql = `CREATE TABLE t (id INTEGER, b BIGINT[], d DECIMAL(38,10)[], h HUGEINT[], r DOUBLE[], f FLOAT[], s VARCHAR[], x BLOB[], ts TIMESTAMP[], u UUID[], bo BOOLEAN[], iv INTERVAL[], a INTEGER[3]);
      INSERT INTO t VALUES (1, [9223372036854775807, NULL], [1234567890123456789012345678.0123456789, 1.5], [170141183460469231731687303715884105727],
        [0.1, 3, 1e300, 'NaN'::DOUBLE, '-Infinity'::DOUBLE], [0.1::FLOAT, NULL], ['a"b', '', 'NULL', 'it''s {,}', NULL, '√'], ['\\x00\\xFF'::BLOB], ['2024-01-02 03:04:05.678'],
        ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'], [true, false, NULL], [INTERVAL 1 MONTH], [7, 8, 9]);`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      assert.deepEqual(await run.cells('b'), ['{9223372036854775807,NULL}']);
      assert.deepEqual(await run.cells('d'), ['{1234567890123456789012345678.0123456789,1.5000000000}']);
      assert.deepEqual(await run.cells('h'), ['{170141183460469231731687303715884105727}']);
      assert.deepEqual(await run.cells('r'), ['{0.1,3,1e+300,NaN,-Infinity}']);
      assert.deepEqual(await run.cells('f'), ['{0.1,NULL}']);
      assert.deepEqual(await run.cells('s'), [`{"a\\"b","","NULL","it's {,}",NULL,√}`]);
      assert.deepEqual(await run.cells('x'), ['{"\\\\x00ff"}']);
      assert.deepEqual(await run.cells('ts'), ['{"2024-01-02 03:04:05.678"}']);
      assert.deepEqual(await run.cells('u'), ['{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}']);
      assert.deepEqual(await run.cells('bo'), ['{t,f,NULL}']);
      assert.deepEqual(await run.query(`SELECT iv = ARRAY[interval '1 month'] FROM ${run.name('t')}`), [[true]]);
      assert.deepEqual(await run.cells('a'), ['{7,8,9}']);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});

describeCase('D13', 'lists of lists', (setting) => {
  it('are jsonb where they are ragged', () =>
    setting.migrate(duckDbAmong('INTEGER[][]', ['[[1], [2, 3]]', '[[]]', '[]', 'NULL'], '[[n, n]]'), async (run) => {
      assert.equal(run.column('v').type, 'jsonb');
      assert.deepEqual((await run.cells('v')).slice(0, 5), ['[[1], [2, 3]]', '[[]]', '[]', null, '[[1, 1]]']);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    }));

  it('are arrays of two dimensions where they are rectangular', () =>
    setting.migrate(duckDbAmong('INTEGER[][]', ['[[1, 2], [3, NULL]]', '[]', 'NULL'], '[[n, n]]'), async (run) => {
      assert.equal(run.column('v').type, 'integer[][]');
      assert.deepEqual((await run.cells('v')).slice(0, 4), ['{{1,2},{3,NULL}}', '{}', null, '{{1,1}}']);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    }));
});

const floats = (seed: number, length: number): number[] => Array.from({ length }, (_, i) => Math.fround(Math.sin(seed * 1000 + i)));

describeCase('D14', 'FLOAT[384]', (setting) => {
  it('is vector(384) with the same bits', () => {
    const rows = [1, 2].map((seed) => `'[${floats(seed, 384).join(', ')}]'`);
    return setting.migrate(duckDbAmong('FLOAT[384]', rows, `list_transform(range(384), lambda i: (n + i) / 8)`), async (run) => {
      assert.equal(run.column('v').type, 'vector(384)');
      const found = await run.query(`SELECT vector_send(v) FROM ${run.name('t')} ORDER BY id LIMIT 2`);
      for (const [row, seed] of [1, 2].entries()) {
        const expected = Buffer.alloc(384 * 4);
        floats(seed, 384).forEach((value, i) => expected.writeFloatBE(value, i * 4));
        assert.equal(
          Buffer.from(found[row]?.[0] as Uint8Array)
            .subarray(4)
            .toString('hex'),
          expected.toString('hex'),
        );
      }
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});

describeCase('D15', 'a vector with an element that is none', (setting) => {
  it('is rejected with the place of the element', () => {
    const values = ['[1, NULL, 3, 4]', `[1, 2, 'NaN'::FLOAT, 4]`, 'NULL'];
    return setting.migrate(duckDbAmong('FLOAT[4]', values, '[n, n, n, n]'), async (run) => {
      assert.equal(run.column('v').type, 'vector(4)');
      assert.deepEqual(
        run.rejects.map(({ provenance, message }) => [provenance, /element \d+/.exec(message)?.[0]]),
        [
          ['rowid 0', 'element 1'],
          ['rowid 1', 'element 2'],
        ],
      );
      assert.deepEqual((await run.cells('v')).slice(0, 2), [null, '[1,1,1,1]']);
    });
  });
});

describeCase('D16', 'STRUCT', (setting) => {
  it('a NULL and one of NULLs stay apart', () => {
    const values = ['NULL', '{a: NULL, b: NULL}', `{a: 1.10, b: '√"'}`];
    return setting.migrate(duckDbAmong('STRUCT(a DECIMAL(4,2), b VARCHAR)', values, `{a: 1, b: 'x'}`), async (run) => {
      assert.equal(run.column('v').type, 'jsonb');
      assert.deepEqual((await run.cells('v')).slice(0, 3), [null, '{"a": null, "b": null}', '{"a": 1.10, "b": "√\\""}']);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});

describeCase('D17', 'MAP', (setting) => {
  it('is an object where its keys are texts, else an array of pairs', () => {
    const sql = `CREATE TABLE t (id INTEGER, a MAP(VARCHAR, INTEGER), b MAP(INTEGER, VARCHAR));
      INSERT INTO t VALUES (1, MAP {'x': 1, 'y': NULL}, MAP {1: 'a', 2: NULL}), (2, MAP {}, MAP {}), (3, NULL, NULL);`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      assert.deepEqual(await run.cells('a'), ['{"x": 1, "y": null}', '{}', null]);
      assert.deepEqual(await run.cells('b'), ['[[1, "a"], [2, null]]', '[]', null]);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});

describeCase('D18', 'UNION', (setting) => {
  it('is its tag and its value', () => {
    const sql = `CREATE TABLE t (id INTEGER, v UNION(num BIGINT, str VARCHAR));
      INSERT INTO t VALUES (1, 9223372036854775807), (2, 'text'), (3, union_value(num := NULL)), (4, NULL);`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      assert.equal(run.column('v').type, 'jsonb');
      assert.deepEqual((await run.cells('v')).slice(0, 2), [
        '{"tag": "num", "value": 9223372036854775807}',
        '{"tag": "str", "value": "text"}',
      ]);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});

describeCase('D19', 'JSON and VARIANT', (setting) => {
  it('are jsonb, with every digit; a document that jsonb cannot hold is rejected alone', () => {
    const values = [`'{"b": 12345678901234567890.5, "a": [1, null]}'`, `'5'`, `'"text"'`, 'NULL', `'{"k": "\\u0000"}'`];
    return setting.migrate(duckDbAmong('JSON', values, `'{}'`), async (run) => {
      assert.equal(run.column('v').type, 'jsonb');
      assert.deepEqual((await run.cells('v')).slice(0, 4), ['{"a": [1, null], "b": 12345678901234567890.5}', '5', '"text"', null]);
      assert.deepEqual(
        run.rejects.map(({ provenance, code }) => [provenance, code]),
        [['rowid 4', 'invalid-json']],
      );
    });
  });

  it('VARIANT is what it holds', () => {
    const sql = `CREATE TABLE t (id INTEGER, v VARIANT); INSERT INTO t VALUES (1, 9223372036854775807::BIGINT::VARIANT), (2, 'text'::VARIANT), (3, {a: [1, 2]}::VARIANT), (4, NULL);`;
    return setting.migrate({ make: duckDbStore(sql, { storage_compatibility_version: 'latest' }) }, async (run) => {
      assert.equal(run.column('v').type, 'jsonb');
      assert.deepEqual(await run.cells('v'), ['9223372036854775807', '"text"', '{"a": [1, 2]}', null]);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});
