import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromFloat16Bits, toFloat16Bits } from '../../../../src/core/tuple/float16.ts';

describe('float16', () => {
  it('gives every half back', () => {
    for (let half = 0; half < 0x10000; half++) {
      const isNaN = (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0;
      if (!isNaN) assert.equal(toFloat16Bits(fromFloat16Bits(half)), half, half.toString(16));
    }
  });

  it('rounds to the nearest, ties to even', () => {
    fc.assert(
      fc.property(fc.float({ min: -65000, max: 65000, noNaN: true }), (value) => {
        const half = toFloat16Bits(value);
        const distance = Math.abs(fromFloat16Bits(half) - value);
        for (const neighbour of [half - 1, half + 1]) {
          if ((neighbour & 0x7c00) === 0x7c00 || neighbour < 0) continue;
          const other = Math.abs(fromFloat16Bits(neighbour) - value);
          assert.ok(distance < other || (distance === other && (half & 1) === 0));
        }
      }),
      { numRuns: 2000 },
    );
    assert.equal(toFloat16Bits(65519), 0x7bff);
    assert.equal(toFloat16Bits(65520), 0x7c00);
    assert.equal(toFloat16Bits(-65520), 0xfc00);
  });
});
