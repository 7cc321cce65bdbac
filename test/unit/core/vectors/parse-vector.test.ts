import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MigrationError } from '../../../../src/core/errors.ts';
import { formatVector, normOf, parseVector } from '../../../../src/core/vectors/parse-vector.ts';

describe('parseVector', () => {
  const accepted: readonly (readonly [text: string, numbers: readonly number[]])[] = [
    ['[0.5, -2e-3, .25, 3.]', [0.5, Math.fround(-0.002), 0.25, 3]],
    ['[1,2,3]', [1, 2, 3]],
    [' [ 1 , 2 ,\n 3 ] ', [1, 2, 3]],
    ['1, 2, 3', [1, 2, 3]],
    ['[1 2\n3]', [1, 2, 3]],
    ['[1, 2, 3,]', [1, 2, 3]],
    ['[+7]', [7]],
    ['[1e-60]', [0]],
  ];
  for (const [text, numbers] of accepted) it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual([...parseVector(text)], numbers));

  const refused: readonly (readonly [text: string, words: RegExp])[] = [
    ['', /no numbers/],
    ['[]', /no numbers/],
    ['[1, 2', /one of its two brackets/],
    ['1, 2]', /one of its two brackets/],
    ['[1, NaN]', /component 2 is "NaN"/],
    ['[Infinity]', /component 1 is "Infinity"/],
    ['[1, , 2]', /component 2 is empty/],
    ['[1, null]', /component 2 is "null"/],
    ['[1, "2"]', /component 2/],
    ['[0x10]', /component 1/],
    ['[1e39]', /more than a vector can hold/],
    ["[1]'; DROP TABLE t; --", /brackets/],
  ];
  for (const [text, words] of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseVector(text),
        (error: unknown) => error instanceof MigrationError && error.code === 'bad-query-vector' && words.test(error.message),
      );
    });
  }

  it('knows that halfvec holds less', () => {
    assert.throws(() => parseVector('[70000]', 'halfvec'), /more than a halfvec can hold/);
    assert.deepEqual([...parseVector('[65504]', 'halfvec')], [65504]);
  });

  it('reads back what formatVector writes', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 1, noNaN: true, noDefaultInfinity: true }), (vector) => {
        assert.deepEqual(
          [...parseVector(formatVector(vector))].map((value) => value + 0),
          [...vector].map((value) => value + 0),
        );
      }),
    );
  });

  it('computes the norm', () => assert.equal(normOf(Float32Array.of(3, 4)), 5));
});
