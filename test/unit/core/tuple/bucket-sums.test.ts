import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BucketSums } from '../../../../src/core/tuple/bucket-sums.ts';
import { TupleSummer } from '../../../../src/core/tuple/tuple-summer.ts';
import { int4, tuple } from '../../../helpers/copy-bytes.ts';
import { column } from '../../../helpers/encode-cell.ts';

const columns = [column('integer'), column('text')];

function sumsOf(rows: readonly Row[], key: readonly number[] = [0]): BucketSums {
  const summer = TupleSummer.create(columns, key);
  const sums = new BucketSums();
  for (const [id, text] of rows) {
    const bytes = tuple(int4(id), text === null ? null : Buffer.from(text));
    summer.add(sums, bytes, 0, bytes.length);
  }
  return sums;
}

type Row = readonly [id: number, text: string | null];
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.option(fc.string({ unit: 'grapheme' }), { nil: null }),
);
const rows = fc.array(row, { minLength: 1, maxLength: 60 });

describe('BucketSums', () => {
  it('does not depend on the order of rows', () => {
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.nat()), (given, random) => {
        const shuffled = given.map((value) => ({ value, at: random.next().value })).sort((a, b) => a.at - b.at);
        assert.deepEqual(sumsOf(given).differingBuckets(sumsOf(shuffled.map(({ value }) => value))), []);
      }),
    );
  });

  it('what is taken out can be kept apart, and leaves what was never added', () => {
    fc.assert(
      fc.property(rows, rows, (kept, taken) => {
        const whole = sumsOf([...kept, ...taken]);
        const out = new BucketSums();
        const summer = TupleSummer.create(columns, [0]);
        for (const [id, text] of taken) {
          const bytes = tuple(int4(id), text === null ? null : Buffer.from(text));
          summer.read(bytes, 0, bytes.length);
          out.subtract(summer);
        }
        assert.equal(out.rows(), -taken.length);
        whole.merge(BucketSums.fromBytes(out.toBytes()));
        assert.deepEqual(whole.differingBuckets(sumsOf(kept)), []);
        assert.equal(whole.rows(), kept.length);
      }),
    );
  });

  it('adds up in parts and survives as bytes', () => {
    fc.assert(
      fc.property(rows, rows, (first, second) => {
        const whole = sumsOf([...first, ...second]);
        const merged = BucketSums.fromBytes(sumsOf(first).toBytes());
        merged.merge(sumsOf(second));
        assert.deepEqual(merged.differingBuckets(whole), []);
        assert.deepEqual(merged.toBytes(), whole.toBytes());
        assert.equal(merged.rows(), first.length + second.length);
      }),
    );
  });

  for (const key of [[0], []]) {
    it(`notices any single change ${key.length === 0 ? 'without' : 'with'} a key`, () => {
      fc.assert(
        fc.property(rows, fc.nat(), row, (given, at, other) => {
          const place = at % given.length;
          const changed = given.with(place, other);
          const same = JSON.stringify(given[place]) === JSON.stringify(other);
          assert.equal(sumsOf(given, key).differingBuckets(sumsOf(changed, key)).length > 0, !same);
        }),
      );
      fc.assert(
        fc.property(rows, fc.nat(), (given, at) => {
          const place = at % given.length;
          assert.notDeepEqual(sumsOf(given, key).differingBuckets(sumsOf(given.toSpliced(place, 1), key)), []);
          assert.notDeepEqual(sumsOf(given, key).differingBuckets(sumsOf([...given, given[place]!], key)), []);
        }),
      );
    });
  }

  it('notices two values swapped between rows', () => {
    const sums = sumsOf([
      [1, 'a'],
      [2, 'b'],
    ]);
    const swapped = sumsOf([
      [1, 'b'],
      [2, 'a'],
    ]);
    assert.equal(sums.differingBuckets(swapped).length, 2);
  });

  it('spreads the keys 1, 2, 3, … evenly', () => {
    const sums = sumsOf(Array.from({ length: 25_600 }, (_, i) => [i + 1, 'x'] as const));
    for (let bucket = 0; bucket < 256; bucket++)
      assert.ok(sums.rowsIn(bucket) > 50 && sums.rowsIn(bucket) < 160, `${bucket}: ${sums.rowsIn(bucket)}`);
  });

  it('keeps a row in its bucket when only its other columns change', () => {
    const bucketOf = (text: string): number => sumsOf([[7, text]]).differingBuckets(new BucketSums())[0]!;
    assert.equal(bucketOf('a'), bucketOf('b'));
  });

  it('refuses bytes of another length', () => {
    assert.throws(() => BucketSums.fromBytes(new Uint8Array(7)), { code: 'internal' });
  });
});
