import assert from 'node:assert/strict';
import type { SourceValue } from '../../../../../src/core/model/source-value.ts';
import { parseList } from '../../../../../src/core/mapping/converters/parse-list.ts';
import { column, encodeCell } from '../../../../helpers/encode-cell.ts';

/** Type, value, what people see in the target or a reject code. */
type Case = readonly [type: string, value: SourceValue, expected: string | null];

const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

/** https://www.postgresql.org/docs/current/datatype-datetime.html */
const times: readonly Case[] = [
  ['timetz', '12:34:56+05:30', '12:34:56+05:30'],
  ['timetz', '24:00:00-15:59:59', '24:00:00-15:59:59'],
  ['timetz', '00:00:00.000001Z', '00:00:00.000001+00'],
  ['timetz', '12:34:56', '!invalid-date'],
  ['timetz', '12:34:56+16', '!invalid-date'],
  ['timetz', '25:00:00+00', '!invalid-date'],
  ['timetz', 5n, '!wrong-type'],
  ['interval', 'P1M2DT-3.000004S', '1 mons 2 days -00:00:03.000004'],
  ['interval', 'P-1Y2M-3W4DT1H-2M3S', '-10 mons -17 days 00:58:03'],
  ['interval', 'PT0S', '0 mons 0 days 00:00:00'],
  ['interval', 'P', '!wrong-type'],
  ['interval', 'P1DT', '!wrong-type'],
  ['interval', '1 month', '!wrong-type'],
  ['interval', 'P3000000000D', '!out-of-range'],
  ['date', '12345-06-07', '12345-06-07'],
  ['date', '0044-03-15 BC', '-000043-03-15'],
  ['date', '5874898-01-01', '!out-of-range'],
  ['date', '5874897-12-31', '2000-01-01 + 2145031948 days'],
  ['date', '4714-11-23 BC', '!out-of-range'],
  ['date', '02024-01-01', '!invalid-date'],
  ['timestamp', '294277-01-01 00:00:00', '!out-of-range'],
  ['timestamp', '0001-01-01 00:00:00 BC', '0000-01-01 00:00:00'],
];

/** https://www.postgresql.org/docs/current/datatype-bit.html */
const bits: readonly Case[] = [
  ['bit varying', '00101', '00101'],
  ['bit varying', '1'.repeat(17), '1'.repeat(17)],
  ['bit varying', '', ''],
  ['bit varying', '012', '!wrong-type'],
  ['bit varying(4)', '00101', '!too-long'],
];

/** https://www.postgresql.org/docs/current/arrays.html */
const arrays: readonly Case[] = [
  ['integer[]', '[1,null,3]', '{1,NULL,3}'],
  ['integer[]', '[]', '{}'],
  ['integer[]', '[[1],[2]]', '!wrong-dimensions'],
  ['integer[]', '{}', '!wrong-type'],
  ['integer[]', '["a"]', '!wrong-type'],
  ['integer[]', '[1', '!wrong-type'],
  ['integer[]', 5n, '!wrong-type'],
  ['bigint[]', '[9223372036854775807]', '{9223372036854775807}'],
  ['numeric[]', '[1234567890123456789012345678.0123456789, 1e2]', '{1234567890123456789012345678.0123456789,100}'],
  ['text[]', '["a\\"b,]", "", null, "√"]', '{a"b,],,NULL,√}'],
  ['text[]', '["a\\u0000b"]', '!nul-byte'],
  ['boolean[]', '[true,false]', '{true,false}'],
  ['double precision[]', '[0.1,3,"NaN"]', '{0.1,3,NaN}'],
  ['real[]', floats(0.5, 3), '{0.5,3}'],
  ['real[]', floats(), '{}'],
  ['bytea[]', '["\\\\x00ff"]', '{\\x00ff}'],
  ['integer[][]', '[[1,2],[3,null]]', '{{1,2},{3,NULL}}'],
  ['integer[][]', '[]', '{}'],
  ['integer[][]', '[[1],[2,3]]', '!wrong-dimensions'],
  ['integer[][]', '[[]]', '!wrong-dimensions'],
  ['integer[][]', '[null]', '!wrong-dimensions'],
];

describe('converters of nested and rarer types', () => {
  for (const [type, value, expected] of [...times, ...bits, ...arrays]) {
    it(`${type}: ${String(value)} → ${expected}`, () => {
      const { text, code, counts } = encodeCell(column(type), value);
      assert.equal(code === undefined ? text : `!${code}`, expected);
      assert.deepEqual(counts, {});
    });
  }

  it('an element that is turned away is named', () => {
    assert.match(encodeCell(column('smallint[]'), '[1, 40000]').message ?? '', /^element 1 of an array: /);
  });

  it('arrays that are not written are refused when the plan is compiled', () => {
    for (const type of ['jsonb[]', 'vector(3)[]', 'integer[][][]', 'mood[]'])
      assert.throws(() => encodeCell(column(type), '[]'), { code: 'unsupported-plan-feature' });
  });
});

describe('parseList', () => {
  it('keeps every digit, and what is nested', () => {
    assert.deepEqual(parseList(' [ 9007199254740993 , -0 , 1.50 , "x]" , [ null , true ] , { "a" : [1] } ] '), [
      9007199254740993n,
      '-0',
      '1.50',
      'x]',
      [null, true],
      '{ "a" : [1] }',
    ]);
  });

  it('is null for what is no array', () => {
    for (const text of ['', '{}', '[1,]', 'null', '[']) assert.equal(parseList(text), null);
  });
});
