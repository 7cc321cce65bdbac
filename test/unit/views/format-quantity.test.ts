import assert from 'node:assert/strict';
import { formatCount, formatDay, formatSeconds, formatSecondsLeft, formatSize } from '../../../src/views/format-quantity.ts';
import { shortType } from '../../../src/views/short-type.ts';
import { plainText } from '../../helpers/plain-text.ts';

describe('quantities in the trees', () => {
  it('counts with commas', () => assert.deepEqual([0, 999, 52_118, 1.6].map(formatCount), ['0', '999', '52,118', '2']));

  for (const [bytes, text] of [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [9_940, '9.9 kB'],
    [61_234_567, '61 MB'],
    [999_600_000, '1.0 GB'],
    [171_000_000_000, '171 GB'],
    [5e15, '5000 TB'],
  ] as const) {
    it(`${bytes} bytes: ${text}`, () => assert.equal(formatSize(bytes), text));
  }

  it('tells durations', () =>
    assert.deepEqual([0.04, 14.24, 59.94, 59.96, 185, 7440].map(formatSeconds), [
      '0.0 s',
      '14.2 s',
      '59.9 s',
      '1 min 00 s',
      '3 min 05 s',
      '2 h 04 min',
    ]));
  it('tells time left in whole seconds', () =>
    assert.deepEqual([0, 5.2, 60, -3].map(formatSecondsLeft), ['0 s', '6 s', '1 min 00 s', '0 s']));

  const now = new Date(2026, 2, 12, 10, 0).getTime();
  for (const [then, text] of [
    [new Date(2026, 2, 12, 0, 5), '00:05'],
    [new Date(2026, 2, 11, 23, 59), 'yesterday'],
    [new Date(2026, 2, 10, 23, 59), 'Tuesday'],
    [new Date(2026, 2, 5, 1, 0), '5 Mar 2026'],
  ] as const) {
    it(`${then.toISOString()} was ${text}`, () => assert.equal(formatDay(then.getTime(), now, plainText), text));
  }

  for (const [type, short] of [
    ['timestamp with time zone', 'timestamptz'],
    ['timestamp(3) without time zone', 'timestamp(3)'],
    ['time(0) with time zone', 'timetz(0)'],
    ['character varying(255)', 'varchar(255)'],
    ['character varying(255)[]', 'varchar(255)[]'],
    ['character(3)', 'char(3)'],
    ['vector(384)', 'vector(384)'],
    ['"char"', '"char"'],
  ] as const) {
    it(`${type}: ${short}`, () => assert.equal(shortType(type), short));
  }
});
