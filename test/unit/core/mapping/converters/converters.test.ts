import assert from 'node:assert/strict';
import { InvalidText, type SourceValue } from '../../../../../src/core/model/source-value.ts';
import type { ConverterName, ConverterRule, ConvertOptions } from '../../../../../src/core/model/type-mapping.ts';
import { column, encodeCell } from '../../../../helpers/encode-cell.ts';

/** Type (with `/converter`), value, what people see in the target or a reject code, and options that differ from the default. `≈` in front: counted as rounded; `~`: repaired. */
type Case = readonly [type: string, value: SourceValue, expected: string | null, options?: Partial<ConvertOptions>];

const long = 'x'.repeat(100);
const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
const doubles = (...values: number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);

/** https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT */
const integers: readonly Case[] = [
  ['smallint', 32767n, '32767'],
  ['smallint', 32768n, '!out-of-range'],
  ['smallint', -32768n, '-32768'],
  ['integer', 2147483647n, '2147483647'],
  ['integer', 2147483648n, '!out-of-range'],
  ['integer', -2147483649n, '!out-of-range'],
  ['bigint', 2147483648n, '2147483648'],
  ['bigint', 2n ** 63n - 1n, '9223372036854775807'],
  ['bigint', -(2n ** 63n), '-9223372036854775808'],
  ['bigint', 2n ** 63n, '!out-of-range'],
  ['bigint', 5, '5'],
  ['bigint', 1e300, '!out-of-range'],
  ['bigint', 1.5, '!wrong-type'],
  ['bigint', NaN, '!wrong-type'],
  ['bigint', 'abc', '!wrong-type'],
  ['bigint', '12', '12'],
  ['bigint', '-12', '-12'],
  ['bigint', '012', '!wrong-type'],
  ['bigint', '+12', '!wrong-type'],
  ['bigint', ' 12', '!wrong-type'],
  ['bigint', '1e3', '!wrong-type'],
  ['bigint', '', '!wrong-type'],
  ['bigint', '99999999999999999999', '!out-of-range'],
  ['bigint', new Uint8Array([1, 2]), '!wrong-type'],
  ['integer', true, '1'],
  ['bigint', null, null],
];

/** Texts that are written otherwise than PostgreSQL writes them. */
const written: readonly Case[] = [
  ['numeric/decimal-comma', '1.234,56', '1234.56'],
  ['numeric/decimal-comma', '-0,50', '-0.50'],
  ['numeric/decimal-comma', '1.234', '1234'],
  ['numeric/decimal-comma', '12', '12'],
  ['numeric/decimal-comma', '1.5', '!wrong-type'],
  ['numeric/decimal-comma', '12.34,5', '!wrong-type'],
  ['numeric/decimal-comma', 5n, '!wrong-type'],
  ['bigint/decimal-comma', '1.234.567', '1234567'],
  ['bigint/decimal-comma', '1,5', '!wrong-type'],
  ['double precision/decimal-comma', '0,25', '0.25'],
  ['numeric/grouped-comma', '1,234.56', '1234.56'],
  ['numeric/grouped-comma', '12,34', '!wrong-type'],
  ['date/date-dmy', '3/4/2024', '2024-04-03'],
  ['date/date-dmy', '31.12.2024', '2024-12-31'],
  ['date/date-dmy', '12/31/2024', '!invalid-date'],
  ['date/date-mdy', '12/31/2024', '2024-12-31'],
  ['date/date-mdy', '2024-12-31', '!wrong-type'],
  ['date/date-mdy', '12/31-2024', '!wrong-type'],
  ['numeric/decimal-comma', null, null],
];

/** https://www.postgresql.org/docs/current/datatype-boolean.html */
const booleans: readonly Case[] = [
  ['boolean', 0n, 'false'],
  ['boolean', 1n, 'true'],
  ['boolean', 'true', 'true'],
  ['boolean', 'f', 'false'],
  ['boolean', 'TRUE', 'true'],
  ['boolean', null, null],
  ['boolean', 2n, '!wrong-type'],
  ['boolean', 0.5, '!wrong-type'],
  ['boolean', 'maybe', '!wrong-type'],
];

/** https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-FLOAT */
const floatCases: readonly Case[] = [
  ['double precision', 3.141592653589793, '3.141592653589793'],
  ['double precision', 16777217, '16777217'],
  ['double precision', 1e300, '1e+300'],
  ['double precision', -0, '-0'],
  ['double precision', Infinity, 'Infinity'],
  ['double precision', -Infinity, '-Infinity'],
  ['double precision', NaN, 'NaN'],
  ['double precision', 5n, 'integer as real~5'],
  ['double precision', 2n ** 53n + 1n, '!out-of-range'],
  ['double precision', '1e3', '1000'],
  ['double precision', '0.1', '0.1'],
  ['double precision', '0.10000000000000000001', '≈0.1'],
  ['double precision', '1e400', '!out-of-range'],
  ['double precision', 'inf', 'Infinity'],
  ['double precision', 'x', '!wrong-type'],
  ['double precision', '', '!wrong-type'],
  ['double precision', '0x10', '!wrong-type'],
  ['real', 0.5, '0.5'],
  ['real', 16777217, '≈16777216'],
  ['real', 1e300, '!out-of-range'],
  ['real', 16777217n, '≈16777216'],
  ['real', Infinity, 'Infinity'],
];

/** https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-NUMERIC-DECIMAL */
const numerics: readonly Case[] = [
  ['numeric', 12345678901.239, '12345678901.239'],
  ['numeric', '1e3', '1000'],
  ['numeric', '1.50', '1.50'],
  ['numeric', '-0.000', '0.000'],
  ['numeric', 170141183460469231731687303715884105727n, '170141183460469231731687303715884105727'],
  ['numeric', '0.00000000000000000000000000000000000001', '0.00000000000000000000000000000000000001'],
  ['numeric', 1e-7, '0.0000001'],
  ['numeric', 1e21, '1000000000000000000000'],
  ['numeric', 123456789012345680000, '123456789012345680000'],
  ['numeric', NaN, 'NaN'],
  ['numeric', -Infinity, '-Infinity'],
  ['numeric', '1e200000', '!out-of-range'],
  ['numeric', '1e-20000', '!out-of-range'],
  ['numeric', 'abc', '!wrong-type'],
  ['numeric', '1.', '1'],
  ['numeric', '.5', '0.5'],
  ['numeric', '.', '!wrong-type'],
  ['numeric', '1e', '!wrong-type'],
  ['numeric', '--1', '!wrong-type'],
  ['numeric(10,2)', 12.34, '12.34'],
  ['numeric(10,2)', 12.3, '12.30'],
  ['numeric(10,2)', 0.1 + 0.2, '≈0.30'],
  ['numeric(10,2)', 1.005, '≈1.01'],
  ['numeric(10,2)', -1.005, '≈-1.01'],
  ['numeric(10,2)', '1.004999', '≈1.00'],
  ['numeric(10,2)', '-0.001', '≈0.00'],
  ['numeric(10,2)', 99999999.99, '99999999.99'],
  ['numeric(10,2)', 100000000, '!out-of-range'],
  ['numeric(10,2)', 99999999.995, '!out-of-range'],
  ['numeric(10,2)', 99999999.994, '≈99999999.99'],
  ['numeric(10,2)', Infinity, '!out-of-range'],
  ['numeric(10,2)', NaN, 'NaN'],
  ['numeric(10,2)', 100n, '100.00'],
  ['numeric(10,2)', -0, '0.00'],
  ['numeric(3,2)', 9.99, '9.99'],
  ['numeric(3,2)', 12.5, '!out-of-range'],
  ['numeric(5)', 1234.5, '≈1235'],
  ['numeric(2,-3)', 12345n, '≈12000'],
  ['numeric(2,-3)', 500n, '≈1000'],
  ['numeric(2,-3)', 499n, '≈0'],
  ['numeric(3,5)', 0.00123, '0.00123'],
  ['numeric(3,5)', 0.01, '!out-of-range'],
  ['numeric(20,4)', 10000, '10000.0000'],
  ['numeric(20,4)', 123450000.5, '123450000.5000'],
];

/** https://www.postgresql.org/docs/current/datatype-character.html */
const texts: readonly Case[] = [
  ['text', 'tab\tand\r\nnewline', 'tab\tand\r\nnewline'],
  ['text', '\\.', '\\.'],
  ['text', '\\N', '\\N'],
  ['text', '', ''],
  ['text', 'ünïcödé 😀', 'ünïcödé 😀'],
  ['text', long, long],
  ['text', 5n, 'number as text~5'],
  ['text', 5, 'number as text~5.0'],
  ['text', 2.5, 'number as text~2.5'],
  ['text', -0, 'number as text~-0.0'],
  ['text', 1e21, 'number as text~1e+21'],
  ['text', true, 'true'],
  ['text', new Uint8Array([65]), '!wrong-type'],
  ['text/blob-text', new Uint8Array([65]), 'blob as text~A'],
  ['text/blob-text', new Uint8Array([255]), '!invalid-text'],
  ['text/blob-text', new Uint8Array([255]), 'blob as text, read as Latin-1~ÿ', { invalidText: 'latin1' }],
  ['text', 'a\0b', '!nul-byte'],
  ['text', `${long}\0`, '!nul-byte'],
  ['text', 'a\0b', '!nul-byte', { nulBytes: 'bytea' }],
  ['text', 'a\0b', 'NUL stripped~ab', { nulBytes: 'strip' }],
  ['text', 'a\0b', 'NUL replaced~a\ufffdb', { nulBytes: 'replace' }],
  ['text', 'a\ud800', '!invalid-text'],
  ['text', new InvalidText(Buffer.from('61ff62', 'hex')), '!invalid-text'],
  ['text', new InvalidText(Buffer.from('61ff62', 'hex')), 'read as Latin-1~aÿb', { invalidText: 'latin1' }],
  ['text', new InvalidText(Buffer.from('61ff62', 'hex')), 'invalid bytes replaced~a\ufffdb', { invalidText: 'replace' }],
  ['text', new InvalidText(Buffer.from('61ff62', 'hex')), '!invalid-text', { invalidText: 'bytea' }],
  ['varchar(3)', 'abc', 'abc'],
  ['varchar(3)', 'abcdef', '!too-long'],
  ['varchar(3)', 'ab   ', '!too-long'],
  ['varchar(3)', '😀😀😀', '😀😀😀'],
  ['varchar(3)', '😀😀😀😀', '!too-long'],
  ['char(3)', 'ab', 'ab'],
  ['char', 'ab', '!too-long'],
  ['"Shop".mood', 'happy', 'happy'],
  ['"Shop".date', 'tomorrow', 'tomorrow'],
];

/** https://www.postgresql.org/docs/current/datatype-binary.html */
const blobs: readonly Case[] = [
  ['bytea', new Uint8Array([0, 255, 16]), '\\x00ff10'],
  ['bytea', new Uint8Array([]), '\\x'],
  ['bytea', 'AAAA', 'text as bytes~\\x41414141'],
  ['bytea', 'a\0b', 'text as bytes~\\x610062'],
  ['bytea', 'a\0b', 'NUL kept as bytes~\\x610062', { nulBytes: 'bytea' }],
  ['bytea', new InvalidText(Buffer.from('61ff62', 'hex')), 'text as bytes~\\x61ff62'],
  ['bytea', new InvalidText(Buffer.from('61ff62', 'hex')), 'invalid text kept as bytes~\\x61ff62', { invalidText: 'bytea' }],
  ['bytea', 5n, 'number as bytes~\\x35'],
  ['bytea/text-hex', '00Ff', '\\x00ff'],
  ['bytea/text-hex', '\\x00ff', '\\x00ff'],
  ['bytea/text-hex', '00f', '!wrong-type'],
  ['bytea/text-hex', new Uint8Array([1]), '\\x01'],
];

/** https://www.postgresql.org/docs/current/datatype-datetime.html */
const times: readonly Case[] = [
  ['timestamptz', '2024-01-02 03:04:05', '2024-01-02 03:04:05+00'],
  ['timestamptz', '2024-01-02T03:04:05.678Z', '2024-01-02 03:04:05.678+00'],
  ['timestamptz', '2024-01-02', '2024-01-02 00:00:00+00'],
  ['timestamptz', '2024-01-02 03:04', '2024-01-02 03:04:00+00'],
  ['timestamptz', '2024-01-02 03:04:05+05:30', '2024-01-01 21:34:05+00'],
  ['timestamptz', '2024-01-02 03:04:05-08', '2024-01-02 11:04:05+00'],
  ['timestamptz', '2024-01-02 03:04:05+0130', '2024-01-02 01:34:05+00'],
  ['timestamptz', '2024-01-02 03:04:05.1234565', '≈2024-01-02 03:04:05.123457+00'],
  ['timestamptz', '2024-01-02 03:04:05.1234560', '2024-01-02 03:04:05.123456+00'],
  ['timestamptz', '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999+00'],
  ['timestamptz', '0001-01-01 00:00:00', '0001-01-01 00:00:00+00'],
  ['timestamptz', '1969-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999+00'],
  ['timestamptz', 'infinity', 'infinity'],
  ['timestamptz', '', '!invalid-date'],
  ['timestamptz', '2024-02-30', '!invalid-date'],
  ['timestamptz', '2024-13-01', '!invalid-date'],
  ['timestamptz', '0000-01-01', '!invalid-date'],
  ['timestamptz', '2024-01-02 24:00:00', '!invalid-date'],
  ['timestamptz', '2024-01-02 03:60:00', '!invalid-date'],
  ['timestamptz', '2024-01-02 03:04:05 Z', '!invalid-date'],
  ['timestamptz', '2024-01-02 03:04:05.', '!invalid-date'],
  ['timestamptz', '2024-01-02x', '!invalid-date'],
  ['timestamptz', '02/01/2024', '!invalid-date'],
  ['timestamptz', 1647950409n, '!wrong-type'],
  ['timestamptz/epoch-ms', 1647950409737n, '2022-03-22 12:00:09.737+00'],
  ['timestamptz/epoch-s', 1647950409n, '2022-03-22 12:00:09+00'],
  ['timestamptz/epoch-s', 1647950409.5, '2022-03-22 12:00:09.5+00'],
  ['timestamptz/epoch-s', 89431747850.667, '4803-12-24 16:10:50.667+00'],
  ['timestamptz/epoch-ms', 0.0015, '≈1970-01-01 00:00:00.000002+00'],
  ['timestamptz/epoch-us', -1.5, '≈1969-12-31 23:59:59.999998+00'],
  ['timestamptz/epoch-s', '1647950409', '2022-03-22 12:00:09+00'],
  ['timestamptz/epoch-us', 1647950409737001n, '2022-03-22 12:00:09.737001+00'],
  ['timestamptz/epoch-s', -1n, '1969-12-31 23:59:59+00'],
  ['timestamptz/epoch-s', 10n ** 15n, '!out-of-range'],
  ['timestamptz/epoch-s', 253402300799n, '9999-12-31 23:59:59+00'],
  ['timestamptz/epoch-s', Infinity, '!not-finite'],
  ['timestamptz/epoch-s', '2024-01-02', '!wrong-type'],
  ['timestamptz/julian', 2460311.628, '2024-01-02 03:04:19.2+00'],
  ['timestamptz/julian', 2440587.5, '1970-01-01 00:00:00+00'],
  ['timestamptz/julian', 2440587.5 + 2 ** -30, '≈1970-01-01 00:00:00+00'],
  ['timestamp', '2024-01-02 03:04:05', '2024-01-02 03:04:05'],
  ['timestamp', '2024-01-02 03:04:05+02', '2024-01-02 01:04:05'],
  ['timestamp(3)', '2024-01-02 03:04:05.0005', '≈2024-01-02 03:04:05.001'],
  ['timestamp(0)', '1999-12-31 23:59:59.5', '≈1999-12-31 23:59:59'],
  ['timestamp(3)', '2024-01-02 03:04:05.001', '2024-01-02 03:04:05.001'],
  ['date', '2024-02-29', '2024-02-29'],
  ['date', '2023-02-29', '!invalid-date'],
  ['date', '2024-02-30', '!invalid-date'],
  ['date', '2024-01-02 00:00:00', '2024-01-02'],
  ['date', '2024-01-02 00:00:01', '!invalid-date'],
  ['date', '0001-01-01', '0001-01-01'],
  ['date', '9999-12-31', '9999-12-31'],
  ['date', '-infinity', '-infinity'],
  ['date/epoch-s', 86400n, '1970-01-02'],
  ['date/epoch-s', 86401n, '!invalid-date'],
  ['time', '23:59:59.999999', '23:59:59.999999'],
  ['time', '12:34', '12:34:00'],
  ['time', '24:00:00', '24:00:00'],
  ['time', '24:00:01', '!invalid-date'],
  ['time', '25:00:00', '!invalid-date'],
  ['time', 1n, '!wrong-type'],
];

/** https://www.postgresql.org/docs/current/datatype-uuid.html */
const uuids: readonly Case[] = [
  ['uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['uuid', 'A0EEBC999C0B4EF8BB6D6BB9BD380A11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['uuid', Buffer.from('a0eebc999c0b4ef8bb6d6bb9bd380a11', 'hex'), 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['uuid', 'a0eebc99', '!invalid-uuid'],
  ['uuid', 'g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '!invalid-uuid'],
  ['uuid', 5n, '!invalid-uuid'],
];

/** https://www.postgresql.org/docs/current/datatype-json.html */
const jsons: readonly Case[] = [
  ['jsonb', '{"a": 9007199254740993}', '{"a": 9007199254740993}'],
  ['jsonb', '{bad', '!invalid-json'],
  ['jsonb', '{"k":"\\u0000"}', '!invalid-json'],
  ['json', '{"k":"\\u0000"}', '{"k":"\\u0000"}'],
  ['jsonb', '{"k":"\\\\u0000"}', '{"k":"\\\\u0000"}'],
  ['jsonb', '"\\ud800"', '!invalid-json'],
  ['jsonb', '"\\ud83d\\ude00"', '"\\ud83d\\ude00"'],
  ['jsonb', '"\\ude00"', '!invalid-json'],
  ['jsonb', '"\\ud83dx"', '!invalid-json'],
  ['jsonb', '"\ud800"', '!invalid-json'],
  ['jsonb', 'hello', '!invalid-json'],
  ['jsonb', '', '!invalid-json'],
  ['jsonb', '5', '5'],
  ['jsonb', 5n, '5'],
  ['jsonb', 1.5, '1.5'],
  ['jsonb', true, 'true'],
  ['jsonb', NaN, '!invalid-json'],
  ['jsonb', new Uint8Array([0x35]), '!wrong-type'],
  ['jsonb', '{"a":1,"a":2}', 'duplicate keys~{"a":1,"a":2}'],
  ['jsonb', '[{"a":{"b" : "x\\\\","b":1}}]', 'duplicate keys~[{"a":{"b" : "x\\\\","b":1}}]'],
  ['jsonb', '{"a":["a","\\"a\\":"],"\\\\":{"a":""}}', '{"a":["a","\\"a\\":"],"\\\\":{"a":""}}'],
  ['json', '{"a":1,"a":2}', '{"a":1,"a":2}'],
  ['jsonb/blob-text', Buffer.from('[1]'), 'blob as text~[1]'],
];

/** https://github.com/pgvector/pgvector#vector-type */
const vectors: readonly Case[] = [
  ['vector(3)', floats(0.5, -1, 3), '[0.5,-1,3]'],
  ['vector(3)/float64-blob', doubles(0.5, -1, 3), '[0.5,-1,3]'],
  ['vector(1)/float64-blob', doubles(0.1), '≈[0.10000000149011612]'],
  ['vector(2)', '[0.5, 2]', '[0.5,2]'],
  ['vector(2)/json-text', '[0.1,0.2]', '≈[0.10000000149011612,0.20000000298023224]'],
  ['vector', '[1,2,3,4]', '[1,2,3,4]'],
  ['extensions.vector(2)', '[1,2]', '[1,2]'],
  ['vector(3)', floats(0.5, -1), '!wrong-dimensions'],
  ['vector(3)', '[1,2]', '!wrong-dimensions'],
  ['vector(3)', new Uint8Array(13), '!wrong-dimensions'],
  ['vector', '[]', '!wrong-dimensions'],
  ['vector', new Uint8Array(0), '!wrong-dimensions'],
  ['vector(3)', floats(1, NaN, 3), '!not-finite'],
  ['vector(3)', floats(1, 2, -Infinity), '!not-finite'],
  ['vector(1)/float64-blob', doubles(NaN), '!not-finite'],
  ['vector(1)/float64-blob', doubles(1e300), '!out-of-range'],
  ['vector(2)', '[1,null]', '!wrong-type'],
  ['vector(2)', '{"a":1}', '!wrong-type'],
  ['vector(2)', '[1,', '!invalid-json'],
  ['vector(2)/json-text', floats(1, 2), '!wrong-type'],
  ['vector(2)', 5n, '!wrong-type'],
  ['halfvec(3)', floats(0.5, -1, 65504), '[0.5,-1,65504]'],
  ['halfvec(1)', floats(0.1), '≈[0.0999755859375]'],
  ['halfvec(1)', floats(65520), '!out-of-range'],
  ['halfvec(1)', floats(2 ** -24), `[${2 ** -24}]`],
  ['halfvec(1)', floats(2 ** -26), '≈[0]'],
];

describe('converters', () => {
  const groups = { integers, written, booleans, floats: floatCases, numerics, texts, blobs, times, uuids, jsons, vectors };
  for (const [group, cases] of Object.entries(groups)) {
    describe(group, () => {
      for (const [type, value, expected, options] of cases)
        it(`${type} ← ${valueName(value)} is ${expected}`, () => check(type, value, expected, options));
    });
  }

  it('V04 names the element of a vector that is not finite', () => {
    for (const [cell, value] of [
      [column('vector(3)'), floats(1, 2, NaN)],
      [column('vector(3)', { convert: 'float64-blob' }), doubles(1, 2, Infinity)],
      [column('halfvec(3)'), floats(1, 2, NaN)],
    ] as const) {
      assert.equal(encodeCell(cell, value).message, 'element 2 of a vector is not a finite number');
    }
  });

  it('never puts a value into a message', () => {
    for (const type of ['bigint', 'numeric', 'uuid', 'date', 'jsonb', 'vector(2)', 'boolean']) {
      const { message } = encodeCell(column(type), 'secret text');
      assert.match(message ?? '', /text of 11 characters/);
      assert.doesNotMatch(message ?? '', /secret/);
    }
  });

  describe('S09 rules of a mixed column', () => {
    const rule = (
      when: ConverterRule['when'],
      convert: ConverterName,
      min: bigint | number | null = null,
      max: bigint | number | null = null,
    ) => ({
      when,
      min,
      max,
      convert: { name: convert },
    });
    const rules = [
      rule('text', 'auto'),
      rule('integer', 'epoch-ms', 100_000_000_000),
      rule('integer', 'epoch-s', null, 2n ** 33n),
      rule('real', 'julian', 2_400_000, 2_500_000.5),
    ];
    const cases: readonly (readonly [SourceValue, string])[] = [
      ['2022-03-22 12:00:09', '2022-03-22 12:00:09+00'],
      [1647950409n, '2022-03-22 12:00:09+00'],
      [100_000_000_000n, '1973-03-03 09:46:40+00'],
      [2n ** 33n, '2242-03-16 12:56:32+00'],
      [2n ** 33n + 1n, '!no-rule'],
      [2460311.628, '2024-01-02 03:04:19.2+00'],
      [1647950409.5, '!no-rule'],
      [new Uint8Array(8), '!no-rule'],
      ['yesterday', '!invalid-date'],
    ];
    for (const [value, expected] of cases) {
      it(`${valueName(value)} is ${expected}`, () => {
        const encoded = encodeCell(column('timestamptz', { rules }), value);
        assert.equal(encoded.code === undefined ? encoded.text : `!${encoded.code}`, expected);
      });
    }

    it('a converter that the type cannot have is refused before any row', () => {
      assert.throws(() => encodeCell(column('bigint', { rules }), null), { code: 'unsupported-plan-feature' });
    });
  });

  it('refuses types and converters that it does not know, before any row', () => {
    for (const [type, convert] of [
      ['xml', 'auto'],
      ['jsonb[]', 'auto'],
      ['tsvector', 'auto'],
      ['hstore', 'auto'],
      ['bigint', 'julian'],
      ['time', 'epoch-s'],
      ['bytea', 'float32-blob'],
    ] as const) {
      assert.throws(() => encodeCell(column(type, { convert }), null), { code: 'unsupported-plan-feature' }, `${type} ${convert}`);
    }
    assert.throws(() => encodeCell(column('timestamptz'), null, { assumeTimeZone: 'Europe/Copenhagen' }), {
      code: 'unsupported-plan-feature',
    });
  });
});

function check(spec: string, value: SourceValue, expected: string | null, options: Partial<ConvertOptions> = {}): void {
  const [type = '', convert = 'auto'] = spec.split('/');
  const encoded = encodeCell(column(type, { convert: convert as ConverterName }), value, options);
  if (expected?.startsWith('!') === true) {
    assert.equal(encoded.code, expected.slice(1));
    assert.equal(encoded.bytes.length, 0, 'a row that failed leaves nothing behind');
    assert.deepEqual(encoded.counts, {}, 'a row that failed is not counted');
    return;
  }
  const { text, changes } = readExpected(expected);
  assert.equal(encoded.code, undefined);
  assert.equal(encoded.text, text);
  assert.deepEqual(encoded.counts, Object.fromEntries(changes.map((change) => [`v: ${change}`, 1])));
}

/** `≈text` was rounded; `change, change~text` names what else was counted. */
function readExpected(expected: string | null): { readonly text: string | null; readonly changes: readonly string[] } {
  if (expected?.startsWith('≈') === true) return { text: expected.slice(1), changes: ['rounded'] };
  const end = expected?.indexOf('~') ?? -1;
  return end < 0 ? { text: expected, changes: [] } : { text: expected!.slice(end + 1), changes: expected!.slice(0, end).split(', ') };
}

function valueName(value: SourceValue): string {
  if (value instanceof Uint8Array) return `blob ${Buffer.from(value).toString('hex')}`;
  if (value instanceof InvalidText) return 'invalid text';
  if (typeof value === 'bigint') return `${value}n`;
  return Object.is(value, -0) ? '-0' : typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
}
