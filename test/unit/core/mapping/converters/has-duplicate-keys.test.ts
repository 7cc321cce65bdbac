import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hasDuplicateKeys } from '../../../../../src/core/mapping/converters/has-duplicate-keys.ts';

describe('duplicate keys of a JSON text', () => {
  it('are found at any depth', () => {
    for (const text of [
      '{"a":1,"a":1}',
      '[[{"x":{"a":1,"b":2,"a" :3}}]]',
      '{"a":{},"\\u0061":1}',
      '{"":1,"":2}',
      `${'['.repeat(50_000)}{"a":1,"a":1}${']'.repeat(50_000)}`,
    ])
      assert.equal(hasDuplicateKeys(text, JSON.parse(text)), true, text.slice(0, 40));
  });

  it('are found whatever was parsed before', () => {
    for (const before of ['{"a":1,"\\\\":1}', '{"a":1}']) {
      JSON.parse(before);
      for (const [text, expected] of [
        ['{"a":1,"\\u0061":1}', true],
        ['{"a":1,"\\n":1}', false],
        ['{"a":1,"\\n":1,"\\n":1}', true],
      ] as const)
        assert.equal(hasDuplicateKeys(text, JSON.parse(text)), expected, text);
    }
  });

  it('no document without them has any', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 1), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        assert.equal(hasDuplicateKeys(text, JSON.parse(text)), false, text);
      }),
    );
  });
});
