import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson } from '../../../../../src/core/tuple/canonical-json.ts';
import { InvalidText } from '../../../../../src/core/model/source-value.ts';
import { DocumentParser } from '../../../../../src/core/sources/json/document-parser.ts';
import { nodeJson, nodeText, nodeValue } from '../../../../../src/core/sources/json/node-value.ts';
import { findValue, soughtKey } from '../../../../../src/core/sources/json/find-value.ts';
import type { Tape } from '../../../../../src/core/sources/json/tape.ts';

function parse(text: string | Uint8Array): { readonly parser: DocumentParser; readonly tape: Tape } {
  const bytes = Buffer.from(text as string);
  const parser = new DocumentParser();
  parser.parse(bytes, 0, bytes.length, true);
  const { nodes, spaced, repeated } = parser;
  return { parser, tape: { bytes, nodes, spaced, repeated } };
}

/** What JSON.parse says, or undefined where it refuses. */
function judge(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

const token = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '"a"',
  '"\\u0061"',
  '\\',
  '\\n',
  '\\ud83c',
  'true',
  'null',
  'fals',
  '0',
  '-',
  '1.5',
  'e',
  '+',
  '01',
  ' ',
  '\n',
  'ä',
  '\u0001',
);

describe('parsing a document', () => {
  it('takes what JSON.parse takes, with the same values, and refuses what it refuses', () => {
    const texts = fc.oneof(
      fc.json(),
      fc.tuple(fc.jsonValue(), fc.constantFrom(0, 1, '\t')).map(([value, space]) => JSON.stringify(value, null, space)),
      fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join('')),
      fc
        .tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 }))
        .map(([text, at, more]) => text.slice(0, at % text.length) + more + text.slice(at % text.length)),
    );
    fc.assert(
      fc.property(texts, (given) => {
        const text = given.trim();
        const expected = judge(text);
        const { parser, tape } = parse(text);
        const whole = parser.fault === null && parser.at === Buffer.byteLength(text);
        assert.equal(whole, expected !== undefined, `${text}: ${parser.fault}`);
        assert.ok(parser.at >= 0 && parser.at <= Buffer.byteLength(text));
        if (expected === undefined) return;
        const json = nodeJson(tape, 0);
        assert.ok(typeof json === 'string');
        assert.deepEqual(JSON.parse(json), expected.value);
        assert.equal(canonicalJson(json), canonicalJson(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('reads a document in two parts as it does in one, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, cut) => {
        const bytes = Buffer.from(text);
        const parser = new DocumentParser();
        const at = cut % (bytes.length + 1);
        if (parser.parse(bytes, 0, at, false)) {
          assert.equal(parser.fault, null);
          assert.ok(parser.at < at || at === bytes.length || parser.at === bytes.length, text);
        }
        parser.parse(bytes, 0, bytes.length, true);
        assert.deepEqual([parser.fault, parser.at], [null, bytes.length]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('survives any bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(bytes, fc.constantFrom('', '"', '{"a":', '['), (random, before) => {
        const { parser, tape } = parse(Buffer.concat([Buffer.from(before), random]));
        if (parser.fault === null) nodeJson(tape, 0);
        else assert.ok(parser.at <= before.length + random.length);
      }),
      { numRuns: 3_000 },
    );
  });

  const values: readonly (readonly [string, unknown])[] = [
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -(2n ** 63n)],
    ['9223372036854775807', 2n ** 63n - 1n],
    ['9223372036854775808', '9223372036854775808'],
    ['-9223372036854775809', '-9223372036854775809'],
    ['0.1000000000000000055', '0.1000000000000000055'],
    ['1e400', '1e400'],
    ['1.50', '1.50'],
    ['-0', 0n],
    ['"a\\u0000b"', 'a\0b'],
    ['"\\ud83c\\udf88 \\u00e9\\n"', '🎈 é\n'],
    ['true', true],
    ['null', null],
    ['{ "b": 1.50, "a": [ 1, {} ] }', '{"b":1.50,"a":[1,{}]}'],
  ];
  for (const [text, value] of values) it(`J02 gives ${text} exactly`, () => assert.deepEqual(nodeValue(parse(text).tape, 0), value));

  it('J04 takes the last of equal keys, however they are written, and counts those before', () => {
    const { parser, tape } = parse('{"a":1,"b":[{"x":1,"x":2}],"\\u0061":3}');
    assert.equal(parser.repeated, 2);
    assert.equal(nodeJson(tape, 0), '{"b":[{"x":2}],"\\u0061":3}');
    assert.equal(nodeValue(tape, findValue(tape, 0, [soughtKey('a')])), 3n);
    const many = `{${Array.from({ length: 60 }, (_, i) => `"k${i % 50}":${i}`).join(',')}}`;
    const found = parse(many);
    assert.equal(found.parser.repeated, 10);
    assert.deepEqual(JSON.parse(nodeJson(found.tape, 0) as string), JSON.parse(many));
  });

  it('J05 gives half a pair of surrogates and wrong bytes as invalid text with its bytes', () => {
    const lone = nodeText(parse('"a\\ud800"').tape, 0);
    assert.ok(lone instanceof InvalidText);
    assert.equal(Buffer.from(lone.bytes).toString('hex'), '61eda080');
    const wrong = nodeText(parse(Buffer.from('2261ff22', 'hex')).tape, 0);
    assert.ok(wrong instanceof InvalidText);
    assert.equal(Buffer.from(wrong.bytes).toString('hex'), '61ff');
  });

  it('J10 goes as deep as it has to without a stack, and says where it is deeper than 1,000 levels', () => {
    for (const levels of [1_000, 5_000, 200_000]) {
      const { parser, tape } = parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
      assert.equal(parser.fault, null);
      assert.equal(parser.deepAt, levels > 1_000 ? 1_000 : -1);
      assert.equal((nodeJson(tape, 0) as string).length, levels * 2);
    }
  });

  it('J11 finds keys with nothing, dots, slashes and tildes in them, and tells ID from id', () => {
    const { tape } = parse('{"":1,"a.b":2,"a/b":3,"~":4,"ID":5,"id":6,"l":[7,8]}');
    const at = (...keys: string[]): unknown => nodeValue(tape, findValue(tape, 0, keys.map(soughtKey)));
    assert.deepEqual([at(''), at('a.b'), at('a/b'), at('~'), at('ID'), at('id'), at('l', '1')], [1n, 2n, 3n, 4n, 5n, 6n, 8n]);
    assert.equal(findValue(tape, 0, [soughtKey('nothing')]), -1);
  });
});
