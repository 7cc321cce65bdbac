import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  documentFacts,
  formatDocumentColumn,
  formatDocumentTable,
  parseDocumentColumn,
  parseDocumentTable,
  type DocumentColumn,
  type DocumentTable,
} from '../../../../src/core/model/document-names.ts';
import { formatPointer, parsePointer } from '../../../../src/core/model/json-pointer.ts';

describe('names of tables of documents', () => {
  for (const [text, expected] of [
    ['* $', { files: '*', path: [] }],
    ['data/*/*.json $[*]', { files: 'data/*/*.json', path: [{ each: 'element' }] }],
    ['my data/*.json $.a.b[*]', { files: 'my data/*.json', path: [{ key: 'a' }, { key: 'b' }, { each: 'element' }] }],
    ['a $b/*.json $.terms.*', { files: 'a $b/*.json', path: [{ key: 'terms' }, { each: 'entry' }] }],
    ['x $["a b"]["*"]', { files: 'x', path: [{ key: 'a b' }, { key: '*' }] }],
  ] as const) {
    it(text, () => {
      assert.deepEqual(parseDocumentTable(text), expected);
      assert.equal(formatDocumentTable(expected), text);
    });
  }

  for (const text of ['', '$', ' $', 'data', 'data/*.json', 'x $.', 'x $[0]', 'x $.a[*', 'x $["a]', 'x $["\\q"]', 'x messages'])
    it(`${text || 'nothing'} names none`, () => assert.equal(parseDocumentTable(text), null));

  const key = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '*', 'a.b', "it's", 'a b', ' $', '"', '\\', '[*]', '\ud800'));
  const files = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('a $.b', 'x $', '$ $', 'a $["', 'a $["]'));
  const step = fc.oneof(
    key.map((name) => ({ key: name })),
    fc.constantFrom({ each: 'element' as const }, { each: 'entry' as const }),
  );
  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.record({ files, path: fc.array(step) }, { noNullPrototype: true }), (table: DocumentTable) => {
        assert.deepEqual(parseDocumentTable(formatDocumentTable(table)), table);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('names of columns of documents', () => {
  for (const [text, expected] of [
    ['', { pointer: [] }],
    ['/title', { pointer: ['title'] }],
    ['/stage1/0', { pointer: ['stage1', '0'] }],
    ['/a~1b/~0/', { pointer: ['a/b', '~', ''] }],
    ['^', { parent: [] }],
    ['^/id', { parent: ['id'] }],
    ['#position', { fact: 'position' }],
    ['#json', { json: [] }],
    ['#json/v', { json: ['v'] }],
    ['#count/items', { count: ['items'] }],
    ['{user_id}', { segment: 'user_id' }],
  ] as const) {
    it(text || 'the element itself', () => {
      assert.deepEqual(parseDocumentColumn(text), expected);
      assert.equal(formatDocumentColumn(expected), text);
    });
  }

  for (const text of ['title', '#keys', '{}', '{a}b', '^id', '^^/id', '/a~2', '^#key', '#jsonv', '^#json/v'])
    it(`${text} names none`, () => assert.equal(parseDocumentColumn(text), null));

  const pointer = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '~', '/', '~1', '^', '#key', '{a}')));
  const column: fc.Arbitrary<DocumentColumn> = fc.oneof(
    pointer.map((tokens) => ({ pointer: tokens })),
    pointer.map((tokens) => ({ parent: tokens })),
    pointer.map((tokens) => ({ json: tokens })),
    pointer.map((tokens) => ({ count: tokens })),
    fc.constantFrom(...documentFacts).map((fact) => ({ fact })),
    fc.stringMatching(/^[^{}]+$/).map((segment) => ({ segment })),
  );
  it('come back as they were written', () => {
    fc.assert(
      fc.property(column, (one) => {
        assert.deepEqual(parseDocumentColumn(formatDocumentColumn(one)), one);
      }),
    );
  });
});

describe('JSON Pointers', () => {
  it('are read and written by RFC 6901', () => {
    // The examples of its section 5.
    const examples = ['', '/foo', '/foo/0', '/', '/a~1b', '/c%d', '/e^f', '/g|h', '/i\\j', '/k"l', '/ ', '/m~0n'];
    for (const text of examples) assert.equal(formatPointer(parsePointer(text) ?? ['none']), text);
    assert.equal(formatPointer(['messages', 3]), '/messages/3');
    assert.equal(parsePointer('a'), null);
  });
});
