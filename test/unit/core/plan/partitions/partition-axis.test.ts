import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dayText, parseDay } from '../../../../../src/core/plan/partitions/calendar.ts';
import {
  axisOf,
  countRanges,
  fitsAxis,
  parsePoint,
  pointText,
  rangeLabel,
  rangeOf,
  rangesBetween,
  type PartitionAxis,
} from '../../../../../src/core/plan/partitions/partition-axis.ts';
import { parseStep, type PartitionStep } from '../../../../../src/core/plan/partitions/partition-step.ts';
import { parsePgType } from '../../../../../src/core/sql/pg-type.ts';

const axis = (type: string): PartitionAxis => axisOf(parsePgType(type)) as PartitionAxis;
const step = (every: string | number): PartitionStep => parseStep(every) as PartitionStep;

describe('ranges of partitions', () => {
  const range = (type: string, every: string | number, point: string | number): string => {
    const [line, size] = [axis(type), step(every)];
    const found = rangeOf(line, size, parsePoint(line, point) as bigint);
    return `${rangeLabel(line, size, found)}: ${pointText(line, found.from)} … ${pointText(line, found.to)}`;
  };

  const table: readonly (readonly [string, string | number, string | number, string])[] = [
    ['date', '1 year', '2024-05-31', '2024: 2024-01-01 … 2025-01-01'],
    ['date', '5 years', '2024-05-31', '2020: 2020-01-01 … 2025-01-01'],
    ['timestamptz', 'quarter', '2024-05-31', '2024_04: 2024-04-01 00:00:00+00 … 2024-07-01 00:00:00+00'],
    ['timestamp', '1 Month', '2024-02-29', '2024_02: 2024-02-01 00:00:00 … 2024-03-01 00:00:00'],
    // 2024-05-31 was a Friday.
    ['date', '1 week', '2024-05-31', '2024_05_27: 2024-05-27 … 2024-06-03'],
    ['timestamp', 'day', '1999-12-31', '1999_12_31: 1999-12-31 00:00:00 … 2000-01-01 00:00:00'],
    ['timestamp', '6 hours', '2024-05-31', '2024_05_31_00: 2024-05-31 00:00:00 … 2024-05-31 06:00:00'],
    // The year 0 is none of PostgreSQL's.
    ['date', '5 years', '0002-01-01', '0001: 0001-01-01 … 0005-01-01'],
    ['date', '7 years', '9999-12-31', '9996: 9996-01-01 … 10000-01-01'],
    ['integer', 1000, 999, '0: 0 … 1000'],
    ['integer', '1000', -1, 'minus_1000: -1000 … 0'],
    ['smallint', 10_000, 32_767, '30000: 30000 … 32768'],
    ['bigint', '4000000000000000000', '9223372036854775807', '8000000000000000000: 8000000000000000000 … 9223372036854775808'],
  ];
  for (const [type, every, point, expected] of table)
    it(`${point} of ${type} by ${every}`, () => assert.equal(range(type, every, point), expected));

  it('has no step that is none', () => {
    for (const every of ['', 'year 1', '0', '0 days', '-1 day', '1.5 years', 'fortnight', '1 minute', 0, -5])
      assert.equal(parseStep(every), null, String(every));
    assert.ok(!fitsAxis(axis('date'), step('1 hour')));
    assert.ok(!fitsAxis(axis('integer'), step('1 day')));
    assert.ok(!fitsAxis(axis('date'), step(5)));
    assert.equal(axisOf(parsePgType('numeric')), null);
    assert.equal(axisOf(parsePgType('date[]')), null);
  });

  it('knows the days of the calendar as JavaScript does', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }),
        (date) => {
          const text = date.toISOString().slice(0, 10);
          const days = BigInt(Math.floor(date.getTime() / 86_400_000) - 10_957);
          assert.equal(dayText(days), text);
          assert.equal(parseDay(text), days);
        },
      ),
    );
    for (const text of ['2023-02-29', '2024-13-01', '2024-00-01', '2024-01-00', '2024-04-31', '24-01-01', '2024-1-1'])
      assert.equal(parseDay(text), null, text);
  });

  const lines = fc.constantFrom(
    ...['smallint', 'integer', 'bigint'].map((type) => ({ type, every: fc.bigInt({ min: 1n, max: 1n << 40n }).map(String) })),
    ...['date', 'timestamp', 'timestamptz'].map((type) => ({
      type,
      every: fc
        .tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom('day', 'week', 'month', 'quarter', 'year'))
        .map(([n, unit]) => `${n} ${unit}s`),
    })),
  );

  it('lie side by side from the first value to the last, and each value is in exactly one', () => {
    const cases = lines.chain(({ type, every }) => {
      const line = axis(type);
      const near = fc.bigInt({ min: line.first, max: line.last });
      return fc.record({ line: fc.constant(line), size: every.map(step), points: fc.array(near, { minLength: 1, maxLength: 5 }) });
    });
    fc.assert(
      fc.property(cases, ({ line, size, points }) => {
        const [first, last] = [points.reduce((a, b) => (a < b ? a : b)), points.reduce((a, b) => (a > b ? a : b))];
        const count = countRanges(line, size, first, last);
        const ranges = rangesBetween(line, size, first, last, 3_000n);
        if (ranges === null) return assert.ok(count > 3_000n);
        assert.equal(BigInt(ranges.length), count);
        assert.equal(new Set(ranges.map((one) => rangeLabel(line, size, one))).size, ranges.length, 'no two have one name');
        for (const [i, one] of ranges.entries()) if (i > 0) assert.equal(one.from, ranges[i - 1]?.to);
        for (const point of points) assert.equal(ranges.filter(({ from, to }) => from <= point && point < to).length, 1);
      }),
    );
  });
});
