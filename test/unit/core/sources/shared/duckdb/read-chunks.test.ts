import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { compileRowEncoder } from '../../../../../../src/core/mapping/row-encoder.ts';
import { batchOfColumns } from '../../../../../../src/core/model/row-batch.ts';
import type { SourceValue } from '../../../../../../src/core/model/source-value.ts';
import type { ColumnConversion, ConvertOptions } from '../../../../../../src/core/model/type-mapping.ts';
import { openDuckDb, type DuckDb } from '../../../../../../src/core/sources/shared/duckdb/open-duckdb.ts';
import { readChunks, type ColumnsOfChunk } from '../../../../../../src/core/sources/shared/duckdb/read-chunks.ts';
import { valueReader } from '../../../../../../src/core/sources/shared/duckdb/value-reader.ts';
import { ByteWriter } from '../../../../../../src/core/tuple/byte-writer.ts';
import { column, defaultOptions } from '../../../../../helpers/encode-cell.ts';

const whole = (least: bigint, most: bigint): fc.Arbitrary<string> =>
  fc.oneof(fc.bigInt({ min: least, max: most }), fc.bigInt({ min: -9n, max: 9n }), fc.constantFrom(least, most)).map(String);
const signed = (bits: bigint): fc.Arbitrary<string> => whole(-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n);
const unsigned = (bits: bigint): fc.Arbitrary<string> => whole(0n, 2n ** bits - 1n).map((digits) => digits.replace('-', ''));
const real = fc
  .oneof(fc.double(), fc.integer(), fc.constantFrom(-0, NaN, Infinity, -Infinity, 1e300, 5e-324, 16777217))
  .map((number) => `'${Object.is(number, -0) ? '-0' : number}'::DOUBLE`);
const day = fc
  .oneof(fc.integer({ min: -800_000, max: 3_000_000 }), fc.integer({ min: -5_877_600, max: 2_147_483_646 - 10_957 }), fc.constant(0))
  .map((days) => `DATE '1970-01-01' + ${days}::INTEGER`);
const infinite = fc.constantFrom("'infinity'", "'-infinity'");
const micros = fc.oneof(
  fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }),
  fc.bigInt({ min: -(2n ** 53n) - 9n, max: 2n ** 53n + 9n }),
  fc.constantFrom(0n, 946_684_800_000_000n, 2n ** 53n, -(2n ** 53n) + 1n, 5n * 10n ** 17n),
);
const instant = micros.map((count) => `make_timestamp(${count})`);
const scaled = (digits: number, scale: number): fc.Arbitrary<string> =>
  whole(-(10n ** BigInt(digits)) + 1n, 10n ** BigInt(digits) - 1n).map((number) => {
    const text = number.replace('-', '').padStart(scale + 1, '0');
    return `'${number.startsWith('-') ? '-' : ''}${text.slice(0, text.length - scale)}.${text.slice(text.length - scale)}'`;
  });

/** Types of DuckDB, expressions of their values, and types of columns that they may be loaded into. */
const types: readonly (readonly [string, fc.Arbitrary<string>, readonly string[]])[] = [
  ['TINYINT', signed(8n), ['smallint', 'integer', 'boolean', 'text', 'numeric']],
  ['SMALLINT', signed(16n), ['smallint', 'bigint', 'real']],
  ['INTEGER', signed(32n), ['smallint', 'integer', 'bigint', 'double precision', 'numeric(5,2)', 'date']],
  ['BIGINT', signed(64n), ['smallint', 'integer', 'bigint', 'double precision', 'text']],
  ['UTINYINT', unsigned(8n), ['smallint', 'boolean']],
  ['USMALLINT', unsigned(16n), ['smallint', 'integer']],
  ['UINTEGER', unsigned(32n), ['integer', 'bigint']],
  ['UBIGINT', unsigned(64n), ['bigint', 'numeric']],
  ['FLOAT', real.map((text) => `TRY_CAST(${text} AS FLOAT)`), ['real', 'double precision', 'text', 'numeric(10,3)']],
  ['DOUBLE', real, ['real', 'double precision', 'bigint', 'numeric', 'boolean']],
  ['BOOLEAN', fc.constantFrom('true', 'false'), ['boolean', 'integer', 'text']],
  ['DATE', fc.oneof(day, infinite), ['date', 'timestamp', 'timestamptz', 'text']],
  ['TIMESTAMP', fc.oneof(instant, infinite), ['timestamp', 'timestamptz', 'timestamp(3)', 'date', 'text']],
  [
    'TIMESTAMPTZ',
    fc.oneof(
      micros.map((count) => `to_timestamp(${count / 1_000_000n})`),
      infinite,
    ),
    ['timestamp', 'timestamptz', 'timestamptz(0)'],
  ],
  ['TIMESTAMP_MS', fc.oneof(instant, infinite), ['timestamp', 'date']],
  ['TIMESTAMP_S', fc.oneof(instant, infinite), ['timestamp', 'timestamptz']],
  [
    'TIMESTAMP_NS',
    fc.oneof(
      fc.bigInt({ min: -9_223_000_000_000_000n, max: 9_223_000_000_000_000n }).map((count) => `make_timestamp(${count})`),
      infinite,
    ),
    ['timestamp'],
  ],
  ['DECIMAL(4, 2)', scaled(4, 2), ['numeric', 'numeric(4,2)', 'numeric(4,1)', 'numeric(3,2)', 'double precision', 'text']],
  ['DECIMAL(9, 0)', scaled(9, 0), ['numeric', 'numeric(9,0)', 'bigint']],
  ['DECIMAL(18, 6)', scaled(18, 6), ['numeric', 'numeric(18,6)', 'numeric(12,6)']],
  ['DECIMAL(18, 12)', scaled(18, 12), ['numeric', 'numeric(18,12)']],
  ['DECIMAL(30, 4)', scaled(30, 4), ['numeric', 'numeric(30,4)']],
  [
    'VARCHAR',
    fc.string({ unit: 'grapheme' }).map((text) => `'${text.replaceAll("'", "''").replaceAll('\0', '')}'`),
    ['text', 'varchar(3)', 'date'],
  ],
  ['INTEGER[]', signed(32n).map((number) => `[${number}, NULL]`), ['integer[]', 'jsonb']],
];

describe('readChunks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-read-chunks-'));
  let database: DuckDb;

  before(async () => {
    database = await openDuckDb({ path: null, scratch: folder, context: { path: 'memory' } });
  });

  after(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });

  for (const [type, values, targets] of types) {
    it(`${type}: columns hold the values that the driver gives, and are encoded as rows are, byte by byte, with the same rejects`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.option(values, { freq: 8 }), { minLength: 1, maxLength: 30 }),
          fc.constantFrom(1, 50, 1 << 20),
          async (cells, batchBytes) => {
            const rows = cells.map((cell, i) => `(${i}, CAST(${cell ?? 'NULL'} AS ${type}))`).join(', ');
            const sql = `SELECT v FROM (VALUES ${rows}) t(n, v) ORDER BY n`;
            const read: SourceValue[] = [];
            for (const columns of await readAll(sql, batchBytes)) {
              for (let row = 0; row < columns.size; row++) read.push(columns.vectors[0]!.at(row));
              for (const target of targets)
                assertSameBytes(columns, column(target, { mayRound: batchBytes > 1, nullable: batchBytes !== 50 }), defaultOptions);
            }
            assert.deepEqual(read, await readOneByOne(sql));
          },
        ),
        { numRuns: 25 },
      );
    });
  }

  it('keeps a byte order mark at the beginning of a text, wherever the text stands', async () => {
    const mark = '\ufeff';
    const sql = `SELECT chr(65279) || 'short', chr(65279) || repeat('long ', 10), [chr(65279) || 'listed'], chr(65279)`;
    const [columns] = await readAll(sql, 1 << 20);
    assert.deepEqual(
      columns?.vectors.map((vector) => vector.at(0)),
      [`${mark}short`, mark + 'long '.repeat(10), `["${mark}listed"]`, mark],
    );
  });

  it('cuts a chunk where its texts are as long as a batch may be', async () => {
    const sizes = (await readAll(`SELECT repeat('x', 400), range FROM range(10)`, 1000)).map(({ size }) => size);
    assert.deepEqual(sizes, [3, 3, 3, 1]);
  });

  function readAll(sql: string, batchBytes: number): Promise<readonly ColumnsOfChunk[]> {
    return database.withConnection(async (connection) => {
      const all: ColumnsOfChunk[] = [];
      for await (const columns of readChunks(connection, sql, { batchBytes, keys: 0, signal: new AbortController().signal }))
        all.push(columns);
      return all;
    });
  }

  /** Without columns. */
  function readOneByOne(sql: string): Promise<readonly SourceValue[]> {
    return database.withConnection(async (connection) => {
      const result = await connection.run(sql);
      const read = valueReader(result.columnType(0));
      return (await result.getRows()).map(([value = null]) => (value === null ? null : read(value)));
    });
  }
});

function assertSameBytes(columns: ColumnsOfChunk, target: ColumnConversion, options: ConvertOptions): void {
  const [asRows, asColumns] = [compileRowEncoder([target, target], options), compileRowEncoder([target, target], options)];
  const batch = batchOfColumns(
    { size: columns.size, vectors: [columns.vectors[0]!, columns.vectors[0]!] },
    { cursorAt: String, provenanceAt: String, bytes: 0 },
  );
  for (const [row, values] of batch.rows.entries()) {
    const [expected, found] = [new ByteWriter(), new ByteWriter()];
    assert.deepEqual(asColumns.encodeFrom(batch, row, found), asRows.encode(values, expected));
    assert.equal(found.view().toString('hex'), expected.view().toString('hex'), `${String(values[0])} as ${target.type.name}`);
    assert.deepEqual(asColumns.takeCounts(), asRows.takeCounts());
  }
}
