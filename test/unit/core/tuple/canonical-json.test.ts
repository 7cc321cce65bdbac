import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson } from '../../../../src/core/tuple/canonical-json.ts';

describe('canonicalJson', () => {
  const cases: readonly (readonly [text: string, canonical: string])[] = [
    [' { "b" : 1 , "a" : [ 1 , 2 ] } ', '{"a":[1,2],"b":1}'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['{}', '{}'],
    ['[]', '[]'],
    ['{"a":{},"b":[[]]}', '{"a":{},"b":[[]]}'],
    ['[1.50, 1e2, 100, -0, 0.0]', '[1.5,100,100,0,0]'],
    ['9007199254740993', '9007199254740993'],
    ['0.1000000000000000055', '0.1000000000000000055'],
    ['"\\u0041\\/\\n"', '"A/\\n"'],
    ['"a\\"b"', '"a\\"b"'],
    ['[true,false,null]', '[true,false,null]'],
    ['{"\\u0061":1}', '{"a":1}'],
    ['{"bb":1,"a":2,"ab":3}', '{"a":2,"ab":3,"bb":1}'],
    ['"ünïcödé 😀"', '"ünïcödé 😀"'],
    ['\t[\n1\r]', '[1]'],
  ];
  for (const [text, canonical] of cases) it(text, () => assert.equal(canonicalJson(text), canonical));

  it('keeps the value, whatever the order of keys and the white space', () => {
    const values = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
    fc.assert(
      fc.property(values, (value) => {
        const canonical = canonicalJson(JSON.stringify(value));
        assert.equal(canonicalJson(JSON.stringify(reversed(value), null, 2)), canonical);
        assert.equal(canonicalJson(canonical), canonical);
        assert.deepEqual(JSON.parse(canonical), withoutNegativeZero(value));
      }),
    );
  });

  it('goes deeper than PostgreSQL does', () => {
    const depth = 20_000;
    const arrays = '['.repeat(depth) + ']'.repeat(depth);
    assert.equal(canonicalJson(arrays), arrays);
    const objects = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    assert.equal(Buffer.from(canonicalJson(objects)).toString(), objects);
  });
});

/** Keys in the opposite order. A key that Object has already (`__proto__`) keeps its place. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

function withoutNegativeZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
