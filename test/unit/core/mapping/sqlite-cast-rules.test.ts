import assert from 'node:assert/strict';
import { readDeclaredType } from '../../../../src/core/mapping/declared-type.ts';
import { sqliteCastRules } from '../../../../src/core/mapping/sqlite-cast-rules.ts';

/** [declared, PostgreSQL type, modifiers]; https://www.sqlite.org/datatype3.html#affinity_name_examples and what tools write. */
const table: readonly (readonly [string, string | null, readonly number[]])[] = [
  ['INT', 'bigint', []],
  ['integer', 'bigint', []],
  ['TINYINT', 'smallint', []],
  ['tinyint(1)', 'smallint', []],
  ['SMALLINT', 'smallint', []],
  ['MEDIUMINT', 'bigint', []],
  ['BIGINT', 'bigint', []],
  ['UNSIGNED BIG INT', 'bigint', []],
  ['int(5)', 'bigint', []],
  ['INT2', 'bigint', []],
  ['INT8', 'bigint', []],
  ['int (11) unsigned', 'bigint', []],
  ['CHARACTER(20)', 'varchar', [20]],
  ['VARCHAR(255)', 'varchar', [255]],
  ['VARYING CHARACTER(255)', 'varchar', [255]],
  ['NCHAR(55)', 'varchar', [55]],
  ['NATIVE CHARACTER(70)', 'varchar', [70]],
  ['NVARCHAR(100)', 'varchar', [100]],
  ['TEXT', 'text', []],
  ['CLOB', 'text', []],
  ['STRING', 'text', []],
  ['BLOB', 'bytea', []],
  ['', null, []],
  ['REAL', 'double precision', []],
  ['DOUBLE', 'double precision', []],
  ['double  precision', 'double precision', []],
  ['FLOAT', 'double precision', []],
  ['NUMERIC', 'numeric', []],
  ['DECIMAL(10,5)', 'numeric', [10, 5]],
  ['decimal ( 10 , 2 )', 'numeric', [10, 2]],
  ['NUMBER(8)', 'numeric', [8]],
  ['BOOLEAN', 'boolean', []],
  ['DATE', 'date', []],
  ['DATETIME', 'timestamptz', []],
  ['timestamp without time zone', 'timestamptz', []],
  ['TIME', 'time', []],
  ['JSON', 'jsonb', []],
  ['uuid', 'uuid', []],
  ['ANY', 'text', []],
  ['F32_BLOB(384)', 'vector', [384]],
  // By affinity.
  ['POINTER TO INT', 'bigint', []],
  ['LONGCHARS', 'text', []],
  ['SHORTBLOB', 'bytea', []],
  ['DOUBLED', 'double precision', []],
  ['FLOATING POINT', 'bigint', []],
  ['YEAR', null, []],
];

describe('mapping/sqlite-cast-rules', () => {
  for (const [declared, type, modifiers] of table) {
    it(`S38 ${declared === '' ? '(nothing declared)' : declared} is ${type ?? 'decided by the values'}`, () => {
      const read = readDeclaredType(declared, 'sqlite');
      assert.deepEqual([read.type, read.modifiers], [type, modifiers]);
    });
  }

  it('lists no declared name twice', () => {
    const names = sqliteCastRules.flatMap((rule) => rule.declared);
    assert.deepEqual(names, [...new Set(names)]);
  });

  it('is written the way names are looked up', () => {
    for (const name of sqliteCastRules.flatMap((rule) => rule.declared)) assert.match(name, /^(?:[A-Z0-9_]+(?: [A-Z0-9_]+)*)?$/);
  });

  it('leaves an unknown dialect to the values', () => {
    assert.equal(readDeclaredType('INTEGER', 'unheard-of').type, null);
  });
});
