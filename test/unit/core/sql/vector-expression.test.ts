import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readVectorExpression, vectorExpressionSql, type VectorExpression } from '../../../../src/core/sql/vector-expression.ts';

describe('readVectorExpression', () => {
  const cases: readonly (readonly [
    string,
    readonly [form: string, column: string, type: string, dimensions: number | null, start: number] | null,
  ])[] = [
    ['embedding::halfvec(3072)', ['halfvec', 'embedding', 'halfvec', 3072, 1]],
    ['((embedding)::halfvec(3072))', ['halfvec', 'embedding', 'halfvec', 3072, 1]],
    ['(Embedding)::ext.halfvec(8)', ['halfvec', 'embedding', 'halfvec', 8, 1]],
    ['"My ""e"::halfvec', ['halfvec', 'My "e', 'halfvec', null, 1]],
    ['(public.binary_quantize(embedding))::bit(4096)', ['binary', 'embedding', 'bit', 4096, 1]],
    ['binary_quantize(embedding)', ['binary', 'embedding', 'bit', null, 1]],
    ['(subvector(embedding, 1, 1024))::vector(1024)', ['subvector', 'embedding', 'vector', 1024, 1]],
    ['subvector(embedding, 5, 3)::halfvec(3)', ['subvector', 'embedding', 'halfvec', 3, 5]],
    ['lower(name)', null],
    ['embedding', null],
    ['embedding::vector(3)', null],
    ['binary_quantize(embedding) || b', null],
    ['binary_quantize(a, b)::bit(3)', null],
    ["'x'::halfvec(3)", null],
    ['(embedding::halfvec(3)', null],
    ['', null],
  ];
  for (const [text, expected] of cases) {
    it(text === '' ? 'nothing' : text, () => {
      const found = readVectorExpression(text);
      assert.deepEqual(found === null ? null : [found.form, found.column, found.type, found.dimensions, found.start], expected);
    });
  }

  it('reads what it writes', () => {
    const column = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => !name.includes('\0') && name.isWellFormed());
    const size = fc.integer({ min: 1, max: 64_000 });
    const expression = fc.oneof(
      fc.record({ form: fc.constant('halfvec'), column, type: fc.constant('halfvec'), dimensions: size, start: fc.constant(1) }),
      fc.record({ form: fc.constant('binary'), column, type: fc.constant('bit'), dimensions: size, start: fc.constant(1) }),
      fc.record({ form: fc.constant('subvector'), column, type: fc.constant('vector'), dimensions: size, start: size }),
    ) as fc.Arbitrary<VectorExpression>;
    fc.assert(
      fc.property(expression, fc.constantFrom(null, 'ext', 'My schema'), (given, schema) => {
        assert.deepEqual(readVectorExpression(vectorExpressionSql(given, schema)), { ...given });
      }),
    );
  });
});
