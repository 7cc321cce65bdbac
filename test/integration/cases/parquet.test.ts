import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freezeSource } from '../../../src/core/sources/registry.ts';
import { describeCase, type ForeignStore } from '../../helpers/case-setting.ts';
import { parquetStore } from '../../helpers/duckdb.ts';

const corpus = join(import.meta.dirname, '../../../../shared/corpus/parquet');

/** A file that others wrote, under its own name. */
function corpusFile(name: string): ForeignStore {
  return {
    ...parquetStore({ [name]: '' }),
    create: (folder) => {
      copyFileSync(join(corpus, name), join(folder, name));
      return Promise.resolve(join(folder, name));
    },
  };
}

describeCase('P01', 'INT96', (setting) => {
  it('is a timestamp; what 64 bits cannot count is rejected with its place', async function () {
    if (!existsSync(corpus)) return this.skip();
    await setting.migrate({ make: corpusFile('int96_from_spark.parquet') }, async (run) => {
      const [table] = run.plan.tables;
      assert.equal(table?.columns?.[0]?.type, 'timestamp');
      const found = await run.query(`SELECT a::text FROM ${run.name('int96_from_spark')} ORDER BY a`);
      assert.deepEqual(found.flat(), [
        '2024-01-01 01:00:00',
        '2024-01-01 20:34:56.123456',
        '2024-12-30 23:00:00',
        '9999-12-31 03:00:00',
        null,
      ]);
      assert.deepEqual(
        run.rejects.map(({ provenance, code }) => [provenance, code]),
        [['row 5', 'invalid-date']],
      );
    });
    return undefined;
  });
});

describeCase('P02', 'P03 P04 P05 P06 scalars', (setting) => {
  it('each has its type, exactly', () => {
    const select = `SELECT 1 AS id, -12345678901234567890.123456789012345678::DECIMAL(38,18) AS d38, 1234567.89::DECIMAL(9,2) AS d9, -12345678901234.5678::DECIMAL(18,4) AS d18,
      18446744073709551615::UBIGINT AS u64, (-128)::TINYINT AS i8, TIMESTAMPTZ '2024-01-02 03:04:05.678901+00' AS utc, TIMESTAMP '2024-01-02 03:04:05.678901' AS local_time,
      '2024-01-02 03:04:05.123456789'::TIMESTAMP_NS AS ns, 'täxt' AS s, '\\x00\\xFF'::BLOB AS b, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID AS u, '{"a": 1.50}'::JSON AS j,
      'large'::ENUM('small', 'large') AS e, DATE '1969-12-31' AS day, TIME '23:59:59.999999' AS clock, 0.1::FLOAT AS f`;
    return setting.migrate({ make: parquetStore({ 't.parquet': select }) }, async (run) => {
      const types = Object.fromEntries((run.plan.tables[0]?.columns ?? []).map(({ to, type }) => [to, type]));
      assert.deepEqual(types, {
        id: 'integer',
        d38: 'numeric(38,18)',
        d9: 'numeric(9,2)',
        d18: 'numeric(18,4)',
        u64: 'numeric(20,0)',
        i8: 'smallint',
        utc: 'timestamptz',
        local_time: 'timestamp',
        ns: 'timestamp',
        s: 'text',
        b: 'bytea',
        u: 'uuid',
        j: 'jsonb',
        e: 'text',
        day: 'date',
        clock: 'time',
        f: 'real',
      });
      const columns = Object.keys(types).map((name) =>
        name === 'utc' ? `(utc AT TIME ZONE 'UTC')::text AS utc` : `${name}::text AS ${name}`,
      );
      assert.deepEqual(await run.query(`SELECT ${columns.join(', ')} FROM ${run.name('t')}`), [
        [
          '1',
          '-12345678901234567890.123456789012345678',
          '1234567.89',
          '-12345678901234.5678',
          '18446744073709551615',
          '-128',
          '2024-01-02 03:04:05.678901',
          '2024-01-02 03:04:05.678901',
          '2024-01-02 03:04:05.123457',
          'täxt',
          '\\x00ff',
          'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
          '{"a": 1.50}',
          'large',
          '1969-12-31',
          '23:59:59.999999',
          '0.1',
        ],
      ]);
      assert.deepEqual(run.losses(), { 'ns: rounded': 1 });
    });
  });
});

describeCase('P07', 'P08 lists, maps and structs', (setting) => {
  it('are arrays, a vector and jsonb', () => {
    const select = `SELECT n AS id, [n, NULL] AS l, list_transform(range(384), lambda i: ((n + i) / 8)::FLOAT) AS embedding, MAP {'k': n} AS m, {a: [{b: n}]} AS st FROM range(1, 101) r(n)`;
    return setting.migrate({ make: parquetStore({ 't.parquet': select }) }, async (run) => {
      assert.deepEqual(
        ['l', 'embedding', 'm', 'st'].map((name) => run.column(name).type),
        ['bigint[]', 'vector(384)', 'jsonb', 'jsonb'],
      );
      const found = await run.query(
        `SELECT l::text AS l, (embedding::real[])[384]::text AS e, m::text AS m, st::text AS st FROM ${run.name('t')} WHERE id = 1`,
      );
      assert.deepEqual(found, [['{1,NULL}', '48', '{"k": 1}', '{"a": [{"b": 1}]}']]);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });
});

describeCase('P09', 'P10 a folder of partitions whose later file has more and wider columns', (setting) => {
  it('is one table with the names of the folders as text, leading zero kept', () => {
    const make = parquetStore({
      'year=2024/month=01/part-0.parquet': `SELECT range::INTEGER AS id, 'a' AS v FROM range(5000)|, ROW_GROUP_SIZE 2048`,
      'year=2024/month=02/part-0.parquet': `SELECT 10000000000 + range AS id, 'b' AS v, true AS extra FROM range(3)`,
    });
    return setting.migrate({ make }, async (run) => {
      const types = Object.fromEntries((run.plan.tables[0]?.columns ?? []).map(({ to, type }) => [to, type]));
      assert.deepEqual(types, { id: 'bigint', v: 'text', extra: 'boolean', month: 'text', year: 'text' });
      const found = await run.query(
        `SELECT month, year, count(*)::int AS n, min(id)::text AS a, max(id)::text AS b, count(extra)::int AS c FROM ${run.name('data')} GROUP BY 1, 2 ORDER BY 1`,
      );
      assert.deepEqual(found, [
        ['01', '2024', 5000, '0', '4999', 0],
        ['02', '2024', 3, '10000000000', '10000000002', 3],
      ]);
      assert.deepEqual([run.result.status, run.losses('data')], ['done', {}]);
    });
  });
});

describeCase('P11', 'no row groups, other codecs, an encrypted footer', (setting) => {
  it('an empty file is an empty table', () =>
    setting.migrate({ make: parquetStore({ 't.parquet': 'SELECT 1 AS id, 2.5 AS v WHERE false' }) }, async (run) => {
      assert.deepEqual(await run.query(`SELECT count(*)::int FROM ${run.name('t')}`), [[0]]);
    }));

  it('ZSTD, Brotli and LZ4_RAW are read', () => {
    const codecs = ['zstd', 'brotli', 'lz4_raw'];
    const files = codecs.map((codec, i) => [`${i}.parquet`, `SELECT ${i} * 100 + range AS id FROM range(100)|, CODEC ${codec}`]);
    return setting.migrate({ make: parquetStore(Object.fromEntries(files) as Record<string, string>) }, async (run) => {
      assert.deepEqual(await run.query(`SELECT count(DISTINCT id)::int FROM ${run.name('data')}`), [[300]]);
    });
  });

  it('an encrypted footer is refused by name', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'sluice-parquet-'));
    try {
      const path = join(scratch, 'secret.parquet');
      // The marks of such a file; what is between them nobody reads without the key.
      writeFileSync(path, Buffer.concat([Buffer.from('PARE'), Buffer.alloc(200, 0xa5), Buffer.from('PARE')]));
      const frozen = freezeSource(path, { scratch, signal: new AbortController().signal });
      await assert.rejects(frozen, { code: 'encrypted-store', message: /footer is encrypted/ });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});
