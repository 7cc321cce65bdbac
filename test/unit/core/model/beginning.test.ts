import assert from 'node:assert/strict';
import { beginning } from '../../../../src/core/model/beginning.ts';

describe('the beginning of a text', () => {
  const cases: readonly (readonly [text: string, expected: string])[] = [
    ['', ''],
    ['abc', 'abc'],
    ['abcd', 'abc…'],
    ['🎈🎈🎈', '🎈🎈🎈'],
    ['🎈🎈🎈🎈', '🎈🎈🎈…'],
    ['🎈🎈🎈a', '🎈🎈🎈…'],
    ['a'.repeat(1_000), 'aaa…'],
  ];
  for (const [text, expected] of cases)
    it(`of three characters of "${text.slice(0, 10)}" is "${expected}"`, () => assert.equal(beginning(text, 3), expected));
});
