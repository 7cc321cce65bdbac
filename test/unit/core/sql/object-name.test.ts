import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createNamePool, objectName } from '../../../../src/core/sql/object-name.ts';

describe('objectName', () => {
  it('says table, columns and what it is', () => {
    assert.equal(objectName('reports', ['org_id', 'day'], 'idx'), 'reports_org_id_day_idx');
    assert.equal(objectName('reports', [], 'pkey'), 'reports_pkey');
  });

  it('S26 cuts long names to 63 bytes, keeps the ending and stays unique', () => {
    const long = 'a_table_whose_name_alone_is_nearly_as_long_as_names_may_be';
    const first = objectName(long, ['first_column'], 'fkey');
    const second = objectName(long, ['other_column'], 'fkey');
    assert.equal(Buffer.byteLength(first), 63);
    assert.match(first, /^a_table_whose_name_alone_is_nearly_as_long_as_na\w*_[0-9a-f]{8}_fkey$/);
    assert.notEqual(first, second);
    assert.equal(first, objectName(long, ['first_column'], 'fkey'));
  });

  it('never cuts a character in two', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 3 }),
        (table, columns) => {
          const name = objectName(table, columns, 'idx');
          assert.ok(Buffer.byteLength(name) <= 63);
          assert.equal(Buffer.from(name).toString(), name);
          assert.ok(name.endsWith('_idx'));
        },
      ),
    );
  });
});

describe('createNamePool', () => {
  it('hands out a name once per schema', () => {
    const pool = createNamePool();
    pool.reserve('public', 'a_idx');
    const made = pool.take('public', 'a_idx', 'second');
    assert.match(made, /^a_idx_[0-9a-f]{8}$/);
    assert.equal(pool.take('other', 'a_idx', 'second'), 'a_idx');
    assert.notEqual(pool.take('public', 'a_idx', 'second'), made);
  });

  it('gives the same names each time', () => {
    const take = (): string[] => {
      const pool = createNamePool();
      return ['x', 'y', 'z'].map((identity) => pool.take('public', 'n'.repeat(63), identity));
    };
    assert.deepEqual(take(), take());
    assert.equal(new Set(take()).size, 3);
    for (const name of take()) assert.equal(name.length, 63);
  });
});
