import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NearestRows } from '../../../../src/core/vectors/nearest-rows.ts';

describe('the nearest rows of a stream', () => {
  it('are those that sorting all of them gives, the first of equals', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 200 }), fc.integer({ min: 1, max: 40 }), (orderings, k) => {
        const nearest = new NearestRows<number>(k);
        orderings.forEach((ordering, i) => nearest.offer(ordering, () => i));
        const sorted = orderings.toSorted((a, b) => a - b).slice(0, k);
        const found = nearest.sorted();
        assert.deepEqual(
          found.map(({ ordering }) => ordering),
          sorted,
        );
        for (const { ordering, row } of found) assert.equal(orderings[row], ordering);
      }),
    );
  });

  it('are made only when they are among the nearest so far, and never without a distance', () => {
    const nearest = new NearestRows<string>(2);
    const made: string[] = [];
    const offer = (ordering: number, name: string): void =>
      nearest.offer(ordering, () => {
        made.push(name);
        return name;
      });
    offer(Number.NaN, 'undefined');
    offer(3, 'a');
    offer(1, 'b');
    offer(3, 'as far as the farthest');
    offer(2, 'c');
    offer(9, 'far');
    assert.deepEqual(made, ['a', 'b', 'c']);
    assert.deepEqual(
      nearest.sorted().map(({ row }) => row),
      ['b', 'c'],
    );
  });
});
