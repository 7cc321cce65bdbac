import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MigrationError } from '../../../../src/core/errors.ts';
import { identifierFault, qualifiedName, quoteIdentifier, quoteList, quoteLiteral } from '../../../../src/core/sql/quote.ts';

describe('quote', () => {
  const identifiers: readonly (readonly [string, string])[] = [
    ['id', '"id"'],
    ['Order', '"Order"'],
    ['with space', '"with space"'],
    ['ünïcödé', '"ünïcödé"'],
    ['say "hi"', '"say ""hi"""'],
    ['a;--', '"a;--"'],
  ];
  for (const [name, expected] of identifiers) it(`S25 quotes the name ${name}`, () => assert.equal(quoteIdentifier(name), expected));

  const faults: readonly (readonly [string, string, RegExp])[] = [
    ['an empty name', '', /empty/],
    ['a NUL', 'a\0b', /NUL/],
    ['half a surrogate pair', 'a\ud800', /surrogate/],
    ['64 bytes in 32 letters', 'é'.repeat(32), /64 bytes/],
  ];
  for (const [title, name, detail] of faults) {
    it(`S26 refuses ${title}`, () => {
      assert.match(identifierFault(name) ?? '', detail);
      assert.throws(
        () => quoteIdentifier(name),
        (error) => error instanceof MigrationError && error.code === 'invalid-identifier' && detail.test(error.message),
      );
    });
  }

  it('takes 63 bytes', () => assert.equal(quoteIdentifier(`${'é'.repeat(31)}x`).length, 34));

  const literals: readonly (readonly [string, string])[] = [
    ['', "''"],
    ["it's", "'it''s'"],
    ['a\\b', "E'a\\\\b'"],
    ["\\'; DROP TABLE x; --", "E'\\\\''; DROP TABLE x; --'"],
    ['line\nbreak', "'line\nbreak'"],
  ];
  for (const [text, expected] of literals) it(`writes the text ${JSON.stringify(text)}`, () => assert.equal(quoteLiteral(text), expected));

  it('refuses texts that PostgreSQL cannot hold', () => {
    for (const text of ['a\0', '\udc00']) assert.throws(() => quoteLiteral(text), { code: 'invalid-literal' });
  });

  it('joins schema and name', () => {
    assert.equal(qualifiedName('My Schema', 't'), '"My Schema"."t"');
    assert.equal(qualifiedName(null, 't'), '"t"');
    assert.equal(quoteList(['a', 'B']), '"a", "B"');
  });

  it('keeps every name apart from every other', () => {
    const name = fc.string({ minLength: 1, maxLength: 15, unit: 'grapheme' }).filter((text) => identifierFault(text) === null);
    fc.assert(fc.property(name, name, (a, b) => (quoteIdentifier(a) === quoteIdentifier(b)) === (a === b)));
    fc.assert(fc.property(name, (a) => quoteIdentifier(a).slice(1, -1).replaceAll('""', '"') === a));
  });
});
