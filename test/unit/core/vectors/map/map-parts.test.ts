import assert from 'node:assert/strict';
import { categorise, uncategorised } from '../../../../../src/core/vectors/map/categorise.ts';
import { fingerprintOf } from '../../../../../src/core/vectors/map/fingerprint.ts';
import { LayoutCache } from '../../../../../src/core/vectors/map/layout-cache.ts';
import { mapLimit } from '../../../../../src/core/vectors/map/map-limits.ts';
import { readVector } from '../../../../../src/core/vectors/map/read-sample.ts';
import { emptyMatrix } from '../../../../../src/core/vectors/map/vector-matrix.ts';

describe('categories of a map', () => {
  const texts = (values: readonly (string | null)[], isNumber = false) => {
    const { codes, categories } = categorise(values, isNumber);
    return { codes: [...codes], categories: categories.map(({ kind, text, points }) => `${kind} ${text} ${points}`) };
  };

  it('are the most frequent values first, then the rest, then NULL', () => {
    assert.deepEqual(texts(['b', 'a', 'b', null]), { codes: [0, 1, 0, 2], categories: ['value b 2', 'value a 1', 'null NULL 1'] });
    const many = texts(['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd', 'e', 'e', 'f', 'f', 'g', 'h', null]);
    assert.deepEqual(many.categories.slice(5), ['value f 2', 'other 2 other values 2', 'null NULL 1']);
    assert.deepEqual(many.codes.slice(-3), [6, 6, 7]);
    assert.deepEqual(texts([]), { codes: [], categories: [] });
    assert.deepEqual(uncategorised(2), { codes: new Uint8Array(2), categories: [{ kind: 'all', text: '', points: 2 }] });
  });

  it('of many numbers are ranges with about as many points each; of few, the numbers', () => {
    const numbers = Array.from({ length: 60 }, (_, i) => String(i));
    assert.deepEqual(
      texts(numbers, true).categories,
      ['0 to 9', '10 to 19', '20 to 29', '30 to 39', '40 to 49', '50 to 59'].map((text) => `value ${text} 10`),
    );
    assert.deepEqual(texts(['1', '2', '2'], true).categories, ['value 2 2', 'value 1 1']);
    // One value so often that it is several bounds at once.
    const skewed = texts([...new Array<string>(30).fill('0'), '1', '2', '3', '4', '5', '6', '7', null, 'NaN'], true);
    assert.deepEqual(skewed.categories, ['value 0 30', 'value 1 to 7 7', 'null NULL 2']);
    assert.deepEqual(skewed.codes.slice(29, 32), [0, 1, 1]);
  });
});

describe('what bounds and names a layout', () => {
  it('the memory of the vectors bounds the rows', () => {
    assert.deepEqual(
      [mapLimit(384, 'pca'), mapLimit(768, 'pca'), mapLimit(16_000, 'pca'), mapLimit(3, 'pca'), mapLimit(384, 'umap'), mapLimit(0, 'pca')],
      [100_000, 50_000, 2_400, 100_000, 20_000, 100_000],
    );
  });

  it('every key and every component is in the fingerprint', () => {
    const of = (keys: readonly string[], values: readonly number[]): string => {
      const matrix = emptyMatrix(keys.length, values.length / keys.length);
      matrix.values.set(values);
      return fingerprintOf({ matrix, keys: keys.map((key) => [key]) });
    };
    const all = [
      of(['1', '2'], [1, 2, 3, 4]),
      of(['1', '3'], [1, 2, 3, 4]),
      of(['1', '2'], [1, 2, 3, 5]),
      of(['2', '1'], [1, 2, 3, 4]),
      of(['1'], [1, 2, 3, 4]),
    ];
    assert.equal(new Set(all).size, all.length);
    assert.equal(of(['1', '2'], [1, 2, 3, 4]), all[0]);
  });

  it('the layout that was used longest ago is forgotten first', () => {
    const cache = new LayoutCache();
    const layout = { positions: new Float32Array(), variance: null };
    for (let i = 0; i < 16; i++) cache.set(String(i), layout);
    assert.ok(cache.get('0'));
    cache.set('16', layout);
    assert.deepEqual([cache.get('0'), cache.get('1'), cache.get('16')], [layout, undefined, layout]);
  });

  it("reads pgvector's binary form, and refuses another length", () => {
    const bytes = Uint8Array.of(9, 0, 2, 0, 0, 0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0);
    const vector = new Float32Array(2);
    readVector(bytes.subarray(1), vector);
    assert.deepEqual([...vector], [1, -2]);
    assert.throws(() => readVector(bytes.subarray(1), new Float32Array(3)), { code: 'internal' });
  });
});
