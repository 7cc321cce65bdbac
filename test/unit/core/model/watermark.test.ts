import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  compareWatermarks,
  describeWatermark,
  firstDayOf,
  isInWindow,
  readWatermark,
  watermarkOf,
  writeWatermark,
  type Watermark,
} from '../../../../src/core/model/watermark.ts';
import { InvalidText, UnreadableRecord, type SourceValue } from '../../../../src/core/model/source-value.ts';

const rule = { digits: false, nullTexts: ['', 'NA'] };
const markOf = (value: SourceValue, digits = false): Watermark => {
  const mark = watermarkOf(value, { ...rule, digits });
  assert.ok(typeof mark !== 'string', `${String(value)}: ${String(mark)}`);
  return mark;
};

describe('watermarkOf', () => {
  const ascending: readonly (readonly SourceValue[])[] = [
    [-1e300, -(2n ** 63n), -2n, -0, 0.5, 1n, 9007199254740992, 9007199254740993n, 2n ** 63n, 1e300],
    ['0000-01-01', '1969-12-31 23:59:59.999999999', '1970-01-01', '1970-01-01T00:00:00.1', '2024-02-29 09:00', '9999-12-31T23:59'],
    [
      '2024-01-01T00:30:00+01:00',
      '2023-12-31T23:45:00Z',
      '2023-12-31 19:50:00-0400',
      '2024-01-01 00:00:00+00',
      '2024-01-01T05:45:00.1+05:45',
    ],
  ];
  for (const values of ascending)
    it(`orders ${String(values[1])} and its like, and reads what it has written`, () => {
      const marks = values.map((value) => markOf(value));
      for (const [i, mark] of marks.entries()) {
        const before = marks[i - 1];
        if (before !== undefined) {
          assert.ok(compareWatermarks(before, mark) < 0, `${String(values[i - 1])} is below ${String(values[i])}`);
          assert.ok(compareWatermarks(mark, before) > 0);
        }
        assert.equal(compareWatermarks(mark, mark), 0);
        assert.deepEqual(readWatermark(writeWatermark(mark)), mark);
      }
    });

  const unordered: readonly SourceValue[] = [
    ...[
      NaN,
      Infinity,
      true,
      'soon',
      '17',
      '2024-02-30',
      '2023-02-29',
      '2024-13-01',
      '2024-01-01T24:00',
      '2024-1-1',
      '12/31/2024',
      '2024-01-01 BC',
    ],
    ...['2024-01-01T00:00:60Z', '2024-01-01Z', ' 2024-01-01', 'infinity', '12024-01-01', '2024-01-01T00:00:00.1234567891'],
    ...[new Uint8Array([1]), new InvalidText(new Uint8Array([255]))],
  ];
  for (const value of unordered) it(`${String(value)} has no order`, () => assert.equal(watermarkOf(value, rule), 'unordered'));

  it('NULL, what the plan takes for it and a record that cannot be read are below nothing', () => {
    for (const value of [null, '', 'NA', new UnreadableRecord(new Uint8Array(), 'broken')]) assert.equal(watermarkOf(value, rule), 'none');
  });

  it('texts of digits are numbers where the plan makes numbers of them', () => {
    assert.ok(compareWatermarks(markOf('9', true), markOf('010', true)) < 0);
    assert.equal(watermarkOf('1.5', { ...rule, digits: true }), 'unordered');
    assert.equal(watermarkOf('1234567890123456789', { ...rule, digits: true }), 'unordered');
  });

  it('rows at the mark and above are read, with those that cannot be compared', () => {
    const window = { rule, since: markOf('2024-01-02T12:00:00Z') };
    const read = ['2024-01-02 12:00:00+00', '2024-01-02T13:30:00.5+01:00', null, '', 'soon', 5n, '1999-01-01'];
    for (const value of read) assert.ok(isInWindow(value, window), String(value));
    for (const value of ['2024-01-02T11:59:59.999999999Z', '2024-01-02T12:59:00+01:00']) assert.ok(!isInWindow(value, window), value);
  });

  it('is told as people write it', () => {
    const told = [7n, -0.5, '2024-01-02', '2024-01-02 03:04:05.25+01', '0099-01-01T00:00:00.000000001'].map((v) =>
      describeWatermark(markOf(v)),
    );
    assert.deepEqual(told, ['7', '-0.5', '2024-01-02T00:00:00', '2024-01-02T02:04:05.25Z', '0099-01-01T00:00:00.000000001']);
  });

  it('no text of a row to be read is below the first day, byte by byte', () => {
    const milliseconds = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2001, 0, 1) });
    const zones = fc.constantFrom(['Z', 0], ['+14:00', 840], ['-12', -720], ['+0545', 345]);
    fc.assert(
      fc.property(milliseconds, fc.nat({ max: 90_000_000 }), zones, (since, later, [zone, offset]) => {
        const mark = markOf(new Date(since).toISOString());
        const text = new Date(since + later + Number(offset) * 60_000).toISOString().replace('Z', String(zone));
        assert.ok(compareWatermarks(markOf(text), mark) >= 0);
        assert.ok(text >= String(firstDayOf(mark)), `${text} < ${String(firstDayOf(mark))}`);
      }),
    );
    assert.equal(firstDayOf(markOf(5n)), null);
    assert.equal(firstDayOf(markOf('0000-01-01')), '0000-01-01');
  });
});
