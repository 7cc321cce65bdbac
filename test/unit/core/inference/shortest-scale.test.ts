import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shortestScale } from '../../../../src/core/inference/shortest-scale.ts';

describe('decimal places of a real', () => {
  for (const [value, places] of [
    [0.1, 1],
    [1.25, 2],
    [100, 0],
    [1e-7, 7],
    [1.5e-7, 8],
    [1e-300, 17],
    [1e21, 0],
    [0.1 + 0.2, 17],
    [-0.5, 1],
    [123456789.123, 3],
  ] as const) {
    it(`${value}: ${places}`, () => assert.equal(shortestScale(value, 0), places));
  }

  it('never falls, and knowing more places already changes nothing (property)', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 17 }), (value, known) => {
        assert.equal(shortestScale(value, known), Math.max(known, shortestScale(value, 0)));
      }),
    );
  });
});
