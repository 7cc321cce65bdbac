import assert from 'node:assert/strict';
import { BucketSums } from '../../../../src/core/tuple/bucket-sums.ts';
import { groupBuckets } from '../../../../src/core/verify/bucket-groups.ts';

const lanes = new Uint32Array(4);

function sums(rows: Readonly<Record<number, number>>): BucketSums {
  const result = new BucketSums();
  for (const [bucket, count] of Object.entries(rows)) for (let i = 0; i < count; i++) result.add({ bucket: Number(bucket), lanes });
  return result;
}

describe('groupBuckets', () => {
  it('gives every row of the buckets to exactly one group', () => {
    const source = sums({ 3: 10, 4: 2, 9: 30, 200: 5 });
    const target = sums({ 3: 10, 9: 31 });
    const groups = groupBuckets([3, 9, 200], source, target, 25);
    for (const bucket of [3, 4, 9, 200]) {
      for (let key = 0; key < 500; key++) {
        const keyHash = ((bucket << 24) | (key * 7919)) >>> 0;
        assert.equal(groups.filter((group) => group.has({ bucket, keyHash, lanes })).length, bucket === 4 ? 0 : 1);
      }
    }
  });

  it('splits a bucket that is too large and joins small ones', () => {
    const parts = (mostRows: number): number[] =>
      groupBuckets([1, 2, 3], sums({ 1: 100, 2: 4, 3: 5 }), new BucketSums(), mostRows).map((group) => group.parts);
    assert.deepEqual(parts(1000), [1]);
    assert.deepEqual(parts(100), [1, 1]);
    assert.deepEqual(parts(30), [4, 4, 4, 4, 1]);
  });
});
