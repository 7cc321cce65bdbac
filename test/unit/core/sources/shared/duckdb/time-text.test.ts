import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dateText, instantText, intervalText, timeText, zoneText } from '../../../../../../src/core/sources/shared/duckdb/time-text.ts';

describe('texts of dates and times', () => {
  it('days as the proleptic Gregorian calendar counts them', () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
        assert.equal(dateText(days), new Date(days * 86_400_000).toISOString().slice(0, 10));
      }),
    );
  });

  const dates: readonly (readonly [number, string])[] = [
    [2_147_483_647, 'infinity'],
    [-2_147_483_647, '-infinity'],
    [-719_163, '0001-12-31 BC'],
    [2_932_897, '10000-01-01'],
  ];
  for (const [days, text] of dates) it(text, () => assert.equal(dateText(days), text));

  it('instants before 1970 and with fractions', () => {
    assert.equal(instantText(-1n, 1_000_000n, ''), '1969-12-31 23:59:59.999999');
    assert.equal(instantText(1_704_164_645_123_456_789n, 1_000_000_000n, ''), '2024-01-02 03:04:05.123456789');
    assert.equal(instantText(-62_135_596_800n - 1n, 1n, '+00'), '0001-12-31 23:59:59+00 BC');
    assert.equal(instantText(2n ** 63n - 1n, 1_000_000n, '+00'), 'infinity');
    assert.equal(instantText(-(2n ** 63n) + 1n, 1n, ''), '-infinity');
  });

  it('times, zones and intervals', () => {
    assert.equal(timeText(86_400_000_000n, 1_000_000n), '24:00:00');
    assert.equal(timeText(500_000n, 1_000_000n), '00:00:00.5');
    assert.deepEqual([19_800, 0, -57_599, 3_600].map(zoneText), ['+05:30', '+00', '-15:59:59', '+01']);
    assert.equal(intervalText(1, 2, -3_000_004n), 'P1M2DT-3.000004S');
    assert.equal(intervalText(0, 0, 0n), 'PT0S');
  });
});
