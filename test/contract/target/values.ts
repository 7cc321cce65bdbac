import assert from 'node:assert/strict';
import type { Target } from '../../../src/core/target/target.ts';

export function testValues(get: () => Target): void {
  const cases: readonly (readonly [sql: string, value: unknown])[] = [
    ['9223372036854775807::bigint', '9223372036854775807'],
    ['2147483647::integer', 2147483647],
    ['(-32768)::smallint', -32768],
    ['2.50::numeric(10,2)', '2.50'],
    ['0.1::float8 + 0.2', 0.30000000000000004],
    ["'NaN'::float8", NaN],
    ["'-Infinity'::float8", -Infinity],
    ['true', true],
    ['NULL::integer', null],
    [`'{"b": 9007199254740993}'::jsonb`, '{"b": 9007199254740993}'],
    [`'{"b":1 }'::json`, '{"b":1 }'],
    [`'\\x00ff10'::bytea`, new Uint8Array([0, 255, 16])],
    [`'\\x'::bytea`, new Uint8Array([])],
    ["'2024-01-02 03:04:05.678901+02'::timestamptz", '2024-01-02 01:04:05.678901+00'],
    ["'2024-01-02 03:04:05'::timestamp", '2024-01-02 03:04:05'],
    ["'0044-03-15 BC'::date", '0044-03-15 BC'],
    ["'1 mon -2 days 00:00:03.5'::interval", '1 mon -2 days +00:00:03.5'],
    ["ARRAY['a', NULL, 'b c']", '{a,NULL,"b c"}'],
    ["'ünïcödé 😀'::text", 'ünïcödé 😀'],
    ["E'back\\\\slash'", 'back\\slash'],
  ];
  for (const [sql, value] of cases) {
    it(`gives ${sql}`, async () => {
      const { rows, rowCount } = await get().query(`SELECT ${sql} AS value`);
      assert.deepEqual(
        rows.map((row) => ({ ...row })),
        [{ value }],
      );
      assert.equal(rowCount, 1);
    });
  }

  it('takes parameters of every kind', async () => {
    const { rows } = await get().query(
      'SELECT $1::bytea AS bytes, $2::text[] AS texts, $3::bigint AS big, $4::boolean AS yes, $5::text AS nothing, $6::jsonb AS json, $7::integer AS number, $8::timestamptz AS at, $9::float8 AS float',
      [new Uint8Array([0, 1, 254]), ['a', 'b"\\', '', '{x,y}'], 9007199254740993n, true, null, '{"a":[1]}', 7, '2024-01-02T03:04:05Z', 0.1],
    );
    assert.deepEqual(
      { ...rows[0] },
      {
        bytes: new Uint8Array([0, 1, 254]),
        texts: '{a,"b\\"\\\\","","{x,y}"}',
        big: '9007199254740993',
        yes: true,
        nothing: null,
        json: '{"a": [1]}',
        number: 7,
        at: '2024-01-02 03:04:05+00',
        float: 0.1,
      },
    );
  });

  it('takes booleans and numbers as text, too', async () => {
    const { rows } = await get().query('SELECT $1::boolean AS yes, $2::integer AS number', ['false', '12']);
    assert.deepEqual({ ...rows[0] }, { yes: false, number: 12 });
  });

  it('gives the result of the last of several statements', async () => {
    const { rows } = await get().query('SELECT 1 AS a; SELECT 2 AS a');
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [{ a: 2 }],
    );
  });

  it('counts changed rows', async () => {
    const target = get();
    await target.query('CREATE TEMPORARY TABLE counted (v integer)');
    assert.equal((await target.query('INSERT INTO counted SELECT generate_series(1, 5)')).rowCount, 5);
    assert.equal((await target.query('UPDATE counted SET v = v WHERE v > $1', [3])).rowCount, 2);
    await target.query('DROP TABLE counted');
  });

  it('has settings that do not depend on the server', async () => {
    const { rows } = await get().query(
      `SELECT current_setting('TimeZone') AS zone, current_setting('DateStyle') AS date, current_setting('standard_conforming_strings') AS strings,
       current_setting('statement_timeout') AS timeout, current_setting('search_path') AS path, current_setting('client_encoding') AS encoding`,
    );
    assert.deepEqual({ ...rows[0] }, { zone: 'UTC', date: 'ISO, YMD', strings: 'on', timeout: '0', path: 'public', encoding: 'UTF8' });
  });

  it('knows what the server can do', () => {
    const { capabilities } = get();
    assert.ok(capabilities.serverVersion >= 150000);
    assert.match(capabilities.vectorVersion ?? '', /^0\.\d+\.\d+$/);
    assert.ok(capabilities.parallelConnections >= 1);
    assert.equal(capabilities.canCreateSchema, true);
  });
}
