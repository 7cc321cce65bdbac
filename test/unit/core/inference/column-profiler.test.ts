import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ColumnProfiler } from '../../../../src/core/inference/column-profiler.ts';
import { TableProfiler } from '../../../../src/core/inference/table-profiler.ts';
import type { ColumnProfile } from '../../../../src/core/model/column-profile.ts';
import { InvalidText, type SourceValue } from '../../../../src/core/model/source-value.ts';

describe('column profile', () => {
  const cases: readonly (readonly [name: string, values: readonly SourceValue[], expected: Partial<ColumnProfile>])[] = [
    ['nothing', [], { rows: 0, integerMin: null, realMax: null, blobMinBytes: 0, blobMaxBytes: 0, formats: {}, samples: [] }],
    [
      'storage classes',
      [null, 1n, 1, 'a', Buffer.of(1), true, null],
      { rows: 7, nulls: 2, integers: 1, reals: 1, texts: 1, blobs: 1, booleans: 1 },
    ],
    ['S01 integers', [2n ** 63n - 1n, -5n, -(2n ** 63n)], { integerMin: -(2n ** 63n), integerMax: 2n ** 63n - 1n }],
    [
      'S33 reals',
      [1.5, -0.25, 1e300, Infinity, -Infinity, NaN, 3],
      { reals: 7, realMin: -0.25, realMax: 1e300, realNonFinite: 3, realFractional: 2, maxScale: 2 },
    ],
    ['tiny reals', [5e-324], { maxScale: 17, realFractional: 1 }],
    ['text lengths', ['abc', 'äöü', '🎈🎈', ''], { textMaxChars: 3, textMaxBytes: 8, textEmpty: 1, texts: 4 }],
    ['S10 NUL', ['a\0b', 'ab'], { textWithNul: 1, textMaxBytes: 3 }],
    ['S11 invalid text', [new InvalidText(Buffer.of(0x61, 0xff)), 'ok'], { texts: 2, textInvalid: 1, textMaxBytes: 2 }],
    ['blobs', [Buffer.of(1, 2, 3), Buffer.alloc(0)], { blobs: 2, blobMinBytes: 0, blobMaxBytes: 3 }],
    ['integers as text', ['1', '-17', '9223372036854775808'], { formats: { integer: 2, decimal: 3 } }],
    ['S30 decimals as text', ['12345678901.239', '10', '1.5'], { formats: { integer: 1, decimal: 3 }, maxScale: 3 }],
    [
      'S05 date and time',
      ['2024-01-02 03:04:05', '2024-01-02T03:04:05.678Z', '2024-01-02', '', '03:04:05'],
      { formats: { timestamp: 1, timestamptz: 1, date: 1, time: 1 }, textEmpty: 1 },
    ],
    ['V03 vectors as text', ['[1,2]', '[3,4]', '[0.5]', '["a"]'], { formats: { 'json-array': 4, vector: 3 }, vectorTexts: { 2: 2, 1: 1 } }],
    ['documents', ['{}', '{"a":1}'], { formats: { 'json-object': 2 } }],
    [
      'V01 float32 blobs',
      [floats(0.1, -0.2, 0), floats(1, 2, 3), floats(NaN, 1, 1), Buffer.from('plain words!')],
      { float32Blobs: { 3: 2 }, blobs: 4 },
    ],
    ['samples', ['x', 'x', 'y', 1n, Buffer.of(255), 'z'.repeat(100), 'sixth'], { samples: ['x', 'y', '1', "x'ff'", `${'z'.repeat(59)}…`] }],
  ];
  for (const [name, values, expected] of cases) {
    it(name, () => {
      const profile = profileOf(values);
      for (const [field, value] of Object.entries(expected)) assert.deepEqual(profile[field as keyof ColumnProfile], value, field);
      assert.equal(profile.rows, values.length);
      assert.deepEqual(structuredClone(profile), profile);
    });
  }

  it('a format with up to 1 % of contradictions keeps its exact count, even when they all come first', () => {
    const bad = Array.from({ length: 10 }, () => 'no date');
    const good = Array.from({ length: 990 }, () => '2024-01-02');
    assert.deepEqual(profileOf([...bad, ...good]).formats, { date: 990 });
    assert.deepEqual(profileOf([...bad, 'one more', ...good]).formats, {});
  });

  it('NULL and empty texts contradict nothing', () => {
    assert.deepEqual(profileOf([...Array.from({ length: 99 }, () => ''), null, '5']).formats, { integer: 1, decimal: 1 });
  });

  it('formats that share a column are counted together: half with a zone, half without', () => {
    const values = Array.from({ length: 1_000 }, (_, i) => (i % 2 === 0 ? '2024-01-02 03:04:05' : '2024-01-02 03:04:05Z'));
    assert.deepEqual(profileOf(values).formats, { timestamp: 500, timestamptz: 500 });
  });

  it('blobs of many lengths do not fill the memory', () => {
    const profile = profileOf(Array.from({ length: 1_500 }, (_, i) => Buffer.alloc((i + 1) * 4)));
    assert.equal(Object.keys(profile.float32Blobs).length, 1_000);
  });

  it('a blob that begins at an odd address reads the same', () => {
    const shifted = Buffer.concat([Buffer.of(9), floats(0.5, 0.25)]).subarray(1);
    assert.deepEqual(profileOf([shifted]).float32Blobs, { 2: 1 });
  });

  it('agrees with a plain count for any values (property)', () => {
    const value: fc.Arbitrary<SourceValue> = fc.oneof(
      fc.constant(null),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double(),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const profile = profileOf(values);
        const texts = values.filter((one) => typeof one === 'string');
        const finite = values.filter((one) => typeof one === 'number' && Number.isFinite(one)) as number[];
        assert.equal(profile.textMaxChars, Math.max(0, ...texts.map((text) => [...text].length)));
        assert.equal(profile.textMaxBytes, Math.max(0, ...texts.map((text) => Buffer.byteLength(text))));
        assert.equal(profile.textWithNul, texts.filter((text) => text.includes('\0')).length);
        assert.equal(profile.realMax, finite.length === 0 ? null : finite.reduce((a, b) => (b > a ? b : a)));
        assert.equal(profile.realFractional, finite.filter((one) => !Number.isInteger(one)).length);
        assert.equal(profile.maxScale, Math.max(0, ...finite.map(places), ...texts.map(decimals)));
      }),
    );
  });
});

describe('table profile', () => {
  it('takes batches of rows, and says when it saw only a sample', () => {
    const profiler = new TableProfiler('t', ['a', 'b'], 3);
    profiler.add([
      [1n, 'x'],
      [2n, null],
    ]);
    profiler.add([[3n, 'y']]);
    const whole = profiler.finish(3);
    assert.deepEqual([whole.table, whole.rows, whole.sample], ['t', 3, null]);
    assert.deepEqual(
      whole.columns.map(({ column, integers, texts, nulls }) => [column, integers, texts, nulls]),
      [
        ['a', 3, 0, 0],
        ['b', 0, 2, 1],
      ],
    );
    assert.deepEqual([profiler.finish(10).rows, profiler.finish(10).sample], [10, 3]);
  });
});

function profileOf(values: readonly SourceValue[]): ColumnProfile {
  const profiler = new ColumnProfiler('c', values.length);
  for (const value of values) profiler.add(value);
  return profiler.finish();
}

function floats(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => buffer.writeFloatLE(value, i * 4));
  return buffer;
}

/** Decimal places by printing without an exponent. */
function places(value: number): number {
  if (Number.isInteger(value)) return 0;
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Math.min(17, Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent)));
}

function decimals(text: string): number {
  return /^-?(?:0|[1-9]\d*)\.\d+$/.test(text) && !/^-[0.]+$/.test(text) ? text.split('.')[1]!.length : 0;
}
