import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nameIdentifiers, systemColumns, type IdentifierStyle } from '../../../../src/core/mapping/identifiers.ts';
import { identifierFault } from '../../../../src/core/sql/quote.ts';

const styles: readonly IdentifierStyle[] = ['preserve', 'lower', 'snake'];

function named(names: readonly string[], style: IdentifierStyle, reserved: readonly string[] = []): string[] {
  return nameIdentifiers(names, style, new Set(reserved)).map(({ to }) => to);
}

describe('mapping/identifiers', () => {
  const table: readonly (readonly [string, string, string, string])[] = [
    // [name, preserve, lower, snake]
    ['CamelCase', 'CamelCase', 'camelcase', 'camel_case'],
    ['HTTPServer', 'HTTPServer', 'httpserver', 'http_server'],
    ['userID2', 'userID2', 'userid2', 'user_id2'],
    ['with space', 'with space', 'with space', 'with_space'],
    ['Order', 'Order', 'order', 'order'],
    ['select', 'select', 'select', 'select'],
    ['ünïcödé', 'ünïcödé', 'ünïcödé', 'ünïcödé'],
    ['already_snake', 'already_snake', 'already_snake', 'already_snake'],
    ['ctid', 'ctid_', 'ctid_', 'ctid_'],
    ['CTID', 'CTID', 'ctid_', 'ctid_'],
    ['rowid', 'rowid', 'rowid', 'rowid'],
    ['', 'unnamed_1', 'unnamed_1', 'unnamed_1'],
    ['--', '--', '--', 'unnamed_1'],
  ];
  for (const [name, ...expected] of table) {
    it(`S25 "${name}" is ${expected.join(', ')}`, () =>
      assert.deepEqual(
        styles.map((style) => named([name], style)[0]),
        expected,
      ));
  }

  it('S26 two long names, equal in their first 63 bytes, get short names that differ and stay', () => {
    const long = 'x'.repeat(70);
    const first = named([`${long}1`, `${long}2`], 'preserve');
    assert.deepEqual(first, [`${'x'.repeat(54)}_5d023c85`, `${'x'.repeat(54)}_4b2c4f3b`]);
    assert.deepEqual(named([`${long}2`, `${long}1`], 'preserve'), first.toReversed());
  });

  it('S26 cuts between characters', () => {
    const [name] = named(['é'.repeat(40)], 'preserve');
    assert.match(name as string, /^é{27}_[0-9a-f]{8}$/);
  });

  it('S42 names of system columns are changed with a note', () => {
    for (const name of systemColumns)
      assert.deepEqual(nameIdentifiers([name], 'preserve')[0], {
        from: name,
        to: `${name}_`,
        note: 'PostgreSQL keeps this name for a system column',
      });
  });

  it('D21 of names that collide, the one that needs no change keeps its name', () => {
    const [upper, lower] = named(['ID', 'id'], 'lower');
    assert.equal(lower, 'id');
    assert.match(upper as string, /^id_[0-9a-f]{8}$/);
  });

  it('keeps out of the way of reserved names', () => {
    assert.match(named(['a'], 'preserve', ['a'])[0] as string, /^a_[0-9a-f]{8}$/);
  });

  it('gives names that are unique, legal, at most 63 bytes and always the same', () => {
    const name = fc.oneof(
      fc.constantFrom(
        'a',
        'A',
        'a_',
        'A a',
        'ctid',
        'xmin_',
        '',
        'id',
        'ID',
        'Id',
        'x'.repeat(63),
        'x'.repeat(64),
        'X'.repeat(64),
        'é'.repeat(32),
      ),
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.string({ unit: fc.constantFrom('a', 'B', '_', '\0', '\ud800', '"', ' ') }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 30 }), fc.constantFrom(...styles), (names, style) => {
        const result = named(names, style, ['a', 'id']);
        assert.deepEqual(result, named(names, style, ['a', 'id']));
        assert.equal(new Set([...result, 'a', 'id']).size, names.length + 2);
        for (const to of result) {
          assert.equal(identifierFault(to), null);
          assert.ok(!systemColumns.has(to));
        }
      }),
    );
  });
});
