import assert from 'node:assert/strict';
import type { SourceAggregate } from '../../../../../src/core/sources/source.ts';
import { SqliteSetting } from './sqlite-setting.ts';

describe("aggregates by SQLite's own SQL", () => {
  const setting = new SqliteSetting();
  afterEach(() => setting.clear());

  /** [values, nulls, distinct, min, max, sum, length] */
  const cases: Readonly<Record<string, readonly [values: string, expected: readonly (string | null)[]]>> = {
    'integers and NULL': ['(1), (NULL), (-3), (1)', ['1', '2', '-3', '1', '-1', null]],
    'integers whose sum has more than 64 bits': [
      '(9223372036854775807), (9223372036854775807), (1), (-9223372036854775808), (9223372036854775807)',
      ['0', '3', '-9223372036854775808', '9223372036854775807', '18446744073709551614', null],
    ],
    'the smallest integer alone': [
      '(-9223372036854775808)',
      ['0', '1', '-9223372036854775808', '-9223372036854775808', '-9223372036854775808', null],
    ],
    'reals have no exact sum': ['(0.5), (-1e300), (1.0)', ['0', '3', '-1e+300', '1', null, null]],
    'integers and reals': ['(1), (1.0), (2.5)', ['0', '2', '1', '2.5', null, null]],
    'large integers and a real': [
      '(9223372036854775807), (9223372036854775806), (0.5)',
      ['0', '3', '0.5', '9223372036854775807', null, null],
    ],
    'infinite reals': ['(9e999), (-9e999), (0.0)', ['0', '3', '-Infinity', 'Infinity', null, null]],
    'texts: bytes, not characters': ["('äö'), (''), ('a' || char(0) || 'b')", ['0', '3', null, null, null, '7']],
    blobs: ["(x'00ff'), (x''), (NULL)", ['1', '2', null, null, null, '2']],
    'texts and blobs': ["('a'), (x'61')", ['0', '2', null, null, null, '2']],
    'numbers and texts': ["(12345), ('abc')", ['0', '2', null, null, null, '3']],
    'only NULL': ['(NULL)', ['1', '0', null, null, null, null]],
  };
  for (const [name, [values, expected]] of Object.entries(cases)) {
    it(name, async () => {
      const source = await setting.with(`CREATE TABLE t (v); INSERT INTO t VALUES ${values}`);
      assert.deepEqual(flat((await source.aggregates('t', ['v']))[0]!), expected);
    });
  }

  it('distinct tells upper from lower case whatever the collation', async () => {
    const source = await setting.with(`CREATE TABLE t (v TEXT COLLATE NOCASE); INSERT INTO t VALUES ('a'), ('A')`);
    assert.equal((await source.aggregates('t', ['v']))[0]!.distinct, '2');
  });

  it('texts of a UTF-16 database have no length, blobs do', async () => {
    const source = await setting.with(`PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a, b); INSERT INTO t VALUES ('abc', x'0102')`);
    assert.deepEqual(
      (await source.aggregates('t', ['a', 'b'])).map(({ length }) => length),
      [null, '2'],
    );
  });

  it('a table of 1,000 columns', async () => {
    const columns = Array.from({ length: 1_000 }, (_, i) => `c${i}`);
    const source = await setting.with(`CREATE TABLE t (${columns.join(', ')}); INSERT INTO t (c0, c999) VALUES (1, 'abc')`);
    const found = await source.aggregates('t', columns);
    assert.deepEqual([found[0]!.sum, found[999]!.length, found[500]!.nulls], ['1', '3', '1']);
  });

  it('an empty table and no columns', async () => {
    const source = await setting.with(`CREATE TABLE t (v)`);
    assert.deepEqual(flat((await source.aggregates('t', ['v']))[0]!), ['0', '0', null, null, null, null]);
    assert.deepEqual(await source.aggregates('t', []), []);
  });

  it("the user's own query gives exact text", async () => {
    const source = await setting.with(`CREATE TABLE t (v)`);
    assert.deepEqual(await source.query(`SELECT 9007199254740993, 0.1, x'00ff', 'é', NULL UNION ALL SELECT 1, 2, 3, 4, 5`), [
      ['9007199254740993', '0.1', '\\x00ff', 'é', null],
      ['1', '2', '3', '4', '5'],
    ]);
    for (const sql of ['CREATE TABLE u (a)', `ATTACH '${setting.folder}/new.db' AS n`, 'SELECT 1; SELECT 2', 'VACUUM']) {
      await assert.rejects(source.query(sql), { code: 'source-query-refused' });
    }
    assert.deepEqual(setting.listing(), ['store.db']);
  });
});

function flat({ nulls, distinct, min, max, sum, length }: SourceAggregate): readonly (string | null)[] {
  return [nulls, distinct, min, max, sum, length];
}
