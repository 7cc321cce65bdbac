import assert from 'node:assert/strict';
import { backOffMs, countCrash } from '../../../../src/host/engines/crash-back-off.ts';

describe('backOffMs', () => {
  it('doubles from a second to half a minute, after one start at once', () => {
    assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 50].map(backOffMs), [0, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });
});

describe('countCrash', () => {
  it('counts crashes in a row', () => {
    assert.equal(countCrash(0, 1000, 2000), 1);
    assert.equal(countCrash(3, 1000, 60_999), 4);
    assert.equal(countCrash(3, null, 1e12), 4);
  });

  it('forgets those before a minute of health', () => assert.equal(countCrash(3, 1000, 61_000), 1));
});
