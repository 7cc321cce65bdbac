import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseComposite } from '../../../../src/core/sql/composite-text.ts';

describe('rows as PostgreSQL prints them', () => {
  const cases: readonly (readonly [string, readonly (string | null)[]])[] = [
    ['(1)', ['1']],
    ['()', [null]],
    ['(1,,"")', ['1', null, '']],
    ['("a, b","c ""d""","e\\\\f",")(")', ['a, b', 'c "d"', 'e\\f', ')(']],
    ['(,)', [null, null]],
  ];
  for (const [text, fields] of cases) it(text, () => assert.deepEqual(parseComposite(text), fields));

  it('any fields come back', () => {
    const field = fc.option(fc.string({ unit: fc.constantFrom('a', '"', '\\', ',', '(', ')', ' ', '\n', 'é') }));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        const printed = fields.map((value) => (value === null ? '' : `"${value.replace(/["\\]/g, '$&$&')}"`));
        assert.deepEqual(parseComposite(`(${printed.join(',')})`), fields);
      }),
    );
  });
});
