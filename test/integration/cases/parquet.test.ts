import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freezeSource } from '../../../src/core/sources/registry.ts';
import { describeCase, type ForeignStore } from '../../helpers/case-setting.ts';
import { inDuckDb, parquetStore } from '../../helpers/duckdb.ts';
import { plainBytes, plainFloat, plainInt32, writeParquet, type LevelledValue, type ParquetNode } from '../../helpers/write-parquet.ts';

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
        run.rejects.map(({ provenance, code, value }) => [provenance, code, value]),
        [['row 5', 'invalid-date', 'beyond the years 1 to 9999; read as 226414-01-07 (BC) 22:21:39.416064']],
      );
      for (const told of ['int96_from_spark.parquet', 'row 5', 'beyond the years 1 to 9999'])
        assert.ok(run.reportText.includes(told), `${told} in ${run.reportText}`);
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

describeCase('P06', 'P10 FLOAT16, TIME_MILLIS, ENUM and columns that are REQUIRED', (setting) => {
  const column = (name: string, repetition: ParquetNode['repetition'], values: readonly (number | null)[]): ParquetNode => ({
    name,
    repetition,
    type: 'INT32',
    values: values.map((value) => (value === null ? { definition: 0 } : { bytes: plainInt32(value) })),
  });

  it('are real, time and text, and NOT NULL', () => {
    const half = (bits: number): LevelledValue => ({ bytes: Buffer.from([bits & 0xff, bits >> 8]) });
    const make = writtenParquet({
      't.parquet': [
        column('id', 'required', [1, 2, 3, 4]),
        // The largest, the smallest above zero, what is nearest to 0.1, and infinity.
        { name: 'h', repetition: 'required', type: 'FIXED', length: 2, logical: 'FLOAT16', values: [0x7bff, 1, 0x2e66, 0xfc00].map(half) },
        { ...column('clock', 'optional', [86_399_999, null, 0, 1]), converted: 'TIME_MILLIS' },
        { ...column('new_clock', 'required', [1, 2, 3, 4]), converted: 'TIME_MILLIS', logical: 'TIME_MILLIS' },
        {
          name: 'e',
          repetition: 'optional',
          type: 'BYTE_ARRAY',
          converted: 'ENUM',
          values: [{ bytes: plainBytes('large') }, { bytes: plainBytes('') }, { definition: 0 }, { bytes: plainBytes('small') }],
        },
      ],
    });
    return setting.migrate({ make }, async (run) => {
      const columns = (run.plan.tables[0]?.columns ?? []).map(({ to, type, nullable = true }) => [to, type, nullable]);
      assert.deepEqual(columns, [
        ['id', 'integer', false],
        ['h', 'real', false],
        ['clock', 'time', true],
        ['new_clock', 'time', false],
        ['e', 'text', true],
      ]);
      assert.deepEqual(
        await run.query(`SELECT id, h::text AS h, clock::text AS c, new_clock::text AS n, e FROM ${run.name('t')} ORDER BY id`),
        [
          [1, '65504', '23:59:59.999', '00:00:00.001', 'large'],
          [2, '5.9604645e-08', null, '00:00:00.002', ''],
          [3, '0.099975586', '00:00:00', '00:00:00.003', null],
          [4, '-Infinity', '00:00:00.001', '00:00:00.004', 'small'],
        ],
      );
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    });
  });

  it('a column is NOT NULL only where every file has it and requires it, and no folder gives it its values', () => {
    const make = writtenParquet({
      'part=1/a.parquet': [
        column('id', 'required', [1, 2]),
        column('v', 'required', [1, 2]),
        column('w', 'required', [5, 6]),
        column('part', 'required', [7, 8]),
      ],
      'part=__HIVE_DEFAULT_PARTITION__/b.parquet': [
        column('ID', 'required', [3]),
        column('v', 'optional', [null]),
        column('part', 'required', [9]),
      ],
    });
    return setting.migrate({ make }, async (run) => {
      const columns = (run.plan.tables[0]?.columns ?? []).map(({ to, type, nullable = true }) => [to, type, nullable]);
      assert.deepEqual(columns, [
        ['id', 'integer', false],
        ['v', 'integer', true],
        ['w', 'integer', true],
        ['part', 'text', true],
      ]);
      assert.deepEqual(await run.query(`SELECT id, v, w, part FROM ${run.name('data')} ORDER BY id`), [
        [1, 1, 5, '1'],
        [2, 2, 6, '1'],
        [3, null, null, null],
      ]);
    });
  });
});

describeCase('P07', 'lists as they were written before', (setting) => {
  it('lists of two levels are arrays and vectors, and an empty one is not NULL', () => {
    const element = (value: number, repetition = 0): LevelledValue => ({ repetition, bytes: plainInt32(value) });
    const floats = Array.from({ length: 3 * 384 }, (_, i) => ({ repetition: Number(i % 384 > 0), bytes: plainFloat(i / 8) }));
    const make = writtenParquet({
      't.parquet': [
        { name: 'id', repetition: 'required', type: 'INT32', values: [element(1), element(2), element(3)] },
        {
          name: 'l',
          repetition: 'optional',
          converted: 'LIST',
          children: [
            {
              name: 'array',
              repetition: 'repeated',
              type: 'INT32',
              values: [element(1), element(2, 1), { definition: 1 }, { definition: 0 }],
            },
          ],
        },
        { name: 'bare', repetition: 'repeated', type: 'INT32', values: [element(7), { definition: 0 }, element(8), element(9, 1)] },
        {
          name: 'embedding',
          repetition: 'required',
          converted: 'LIST',
          children: [{ name: 'embedding_tuple', repetition: 'repeated', type: 'FLOAT', values: floats }],
        },
      ],
    });
    return setting.migrate({ make }, async (run) => {
      const types = (run.plan.tables[0]?.columns ?? []).map(({ to, type, nullable = true }) => [to, type, nullable]);
      assert.deepEqual(types, [
        ['id', 'integer', false],
        ['l', 'integer[]', true],
        ['bare', 'integer[]', true],
        ['embedding', 'vector(384)', false],
      ]);
      const found = await run.query(
        `SELECT id, l::text AS l, bare::text AS b, (embedding::real[])[384]::text AS e FROM ${run.name('t')} ORDER BY id`,
      );
      assert.deepEqual(found, [
        [1, '{1,2}', '{7}', '47.875'],
        [2, '{}', '{}', '95.875'],
        [3, null, '{8,9}', '143.875'],
      ]);
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

describeCase('P11', 'no row groups, every codec, an encrypted footer', (setting) => {
  it('a file without row groups is an empty table', () => {
    const make = parquetStore({ 't.parquet': 'SELECT 1 AS id, 2.5 AS v WHERE false' });
    return setting.migrate({ make }, async (run) => {
      assert.deepEqual(await facts(run.store, 'num_row_groups::INTEGER', 'parquet_file_metadata'), [0]);
      assert.deepEqual(await run.query(`SELECT count(*)::int FROM ${run.name('t')}`), [[0]]);
    });
  });

  it('pages that are plain or packed by snappy, gzip, ZSTD, Brotli and LZ4_RAW are read', () => {
    const codecs = ['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'];
    const files = codecs.map((codec) => [`${codec}.parquet`, `SELECT '${codec}' AS codec, range AS id FROM range(100)|, CODEC ${codec}`]);
    return setting.migrate({ make: parquetStore(Object.fromEntries(files) as Record<string, string>) }, async (run) => {
      for (const codec of codecs)
        assert.deepEqual(await facts(join(run.store, `${codec}.parquet`), 'compression', 'parquet_metadata'), [codec.toUpperCase()]);
      const found = await run.query(`SELECT codec, count(*)::int AS n, sum(id)::int AS s FROM ${run.name('data')} GROUP BY 1 ORDER BY 1`);
      assert.deepEqual(
        found,
        codecs.toSorted().map((codec) => [codec, 100, 4950]),
      );
    });
  });

  it('an encrypted footer is refused by name, alone and among others', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'sluice-parquet-'));
    try {
      const path = join(scratch, 'secret.parquet');
      await inDuckDb(null, async (connection) => {
        // DuckDB's own cipher will do for a test; a better one would be an extension from the network.
        await connection.run(`SET force_mbedtls_unsafe = 'true'; PRAGMA add_parquet_key('key', '0123456789112345')`);
        await connection.run(`COPY (SELECT 1 AS id) TO '${path}' (FORMAT parquet, ENCRYPTION_CONFIG {footer_key: 'key'})`);
        const [row] = await (
          await connection.run(`SELECT * FROM read_parquet('${path}', encryption_config = {footer_key: 'key'})`)
        ).getRows();
        assert.deepEqual(row, [1], 'it is a file that its owner can read');
        await connection.run(`COPY (SELECT 1 AS id) TO '${join(scratch, 'plain.parquet')}' (FORMAT parquet)`);
      });
      for (const named of [path, scratch]) {
        const frozen = freezeSource(named, { scratch, signal: new AbortController().signal });
        await assert.rejects(frozen, { code: 'encrypted-store', message: /secret\.parquet.*footer is encrypted/s });
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});

/** Each distinct value of what DuckDB knows about a file. */
function facts(path: string, column: string, table: string): Promise<readonly unknown[]> {
  return inDuckDb(null, async (connection) => {
    const rows = await (await connection.run(`SELECT DISTINCT ${column} FROM ${table}('${path}')`)).getRows();
    return rows.flat();
  });
}

/** Files of our own writer; they are counted by DuckDB. */
function writtenParquet(files: Readonly<Record<string, readonly ParquetNode[]>>): ForeignStore {
  const names = Object.keys(files);
  return {
    ...parquetStore(Object.fromEntries(names.map((name) => [name, '']))),
    create: (folder) => {
      const store = names.length === 1 ? join(folder, names[0] ?? '') : join(folder, 'data');
      for (const [name, columns] of Object.entries(files)) {
        const path = join(names.length === 1 ? folder : store, name);
        mkdirSync(dirname(path), { recursive: true });
        writeParquet(path, columns[0]?.values?.length ?? 0, columns);
      }
      return Promise.resolve(store);
    },
  };
}
