import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InvalidText, type SourceValue } from '../../../../../src/core/model/source-value.ts';
import { describeKey, readKey, writeKey } from '../../../../../src/core/sources/sqlite/sqlite-cursor.ts';

describe('cursors of keys', () => {
  it('any key survives as text (property)', () => {
    const value: fc.Arbitrary<SourceValue> = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double({ noNaN: true }),
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.uint8Array().map((bytes) => new InvalidText(Buffer.from(bytes))),
    );
    const part = fc.record({ value, collation: fc.constantFrom('BINARY', 'NOCASE', 'its "own"') }, { noNullPrototype: true });
    fc.assert(fc.property(fc.array(part), (key) => assert.deepEqual(readKey(writeKey(key)), key)));
  });

  it('5, 5.0, "5" and the byte 5 are four keys', () => {
    const keys = [5n, 5, '5', Buffer.of(5)].map((value) => writeKey([{ value, collation: 'BINARY' }]));
    assert.equal(new Set(keys).size, 4);
  });

  it('what is no cursor is told', () => {
    for (const text of ['', 'x', '17', '{}', '[1]', '[["i","x","BINARY"]]', '["i"]']) assert.equal(readKey(text), null, text);
  });

  it('a key for people', () => {
    const key = [5n, -0.5, 'abc', Buffer.of(255)].map((value) => ({ value, collation: 'BINARY' }));
    assert.equal(describeKey(key), "5, -0.5, 'abc', x'ff'");
  });

  it('two keys never read the same for people either', () => {
    const keys = [
      ["a', 'b", 'c'],
      ['a', "b', 'c"],
      ['a\0', 'c'],
      ['a\u2400', 'c'],
      [Buffer.of(97, 0), 'c'],
    ];
    const texts = keys.map((key) => describeKey(key.map((value) => ({ value, collation: 'BINARY' }))));
    assert.equal(new Set(texts).size, keys.length);
    assert.ok(!texts.some((text) => text.includes('\0')), texts.join(' | '));
  });
});
