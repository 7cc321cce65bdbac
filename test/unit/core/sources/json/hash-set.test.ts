import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HashSet } from '../../../../../src/core/sources/json/infer/hash-set.ts';

describe('a set of hashes', () => {
  it('counts different texts as a set does', () => {
    const texts = fc.array(fc.oneof(fc.string({ maxLength: 4 }), fc.nat({ max: 5_000 }).map(String)), { maxLength: 400 });
    fc.assert(
      fc.property(texts, texts, (some, others) => {
        const [a, b] = [new HashSet(), new HashSet()];
        for (const text of some) a.add(text);
        for (const text of others) b.add(text);
        assert.deepEqual([a.size, b.size], [new Set(some).size, new Set(others).size]);
        a.addAll(b);
        assert.equal(a.size, new Set([...some, ...others]).size);
      }),
    );
  });

  it('tells hundreds of thousands of numbers and of ids apart', () => {
    const set = new HashSet();
    for (let i = 0; i < 300_000; i++) {
      set.add(`bigint ${i}`);
      set.add(`string 6f9619ff-8b86-d011-b42d-${i.toString(16).padStart(12, '0')}`);
    }
    assert.equal(set.size, 600_000);
  });
});
