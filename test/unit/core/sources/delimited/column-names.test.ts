import assert from 'node:assert/strict';
import { columnNames } from '../../../../../src/core/sources/delimited/column-names.ts';

describe('names of columns from a header', () => {
  const headers: readonly (readonly [readonly string[], readonly string[]])[] = [
    [
      ['a', 'a', '', 'A'],
      ['a', 'a_2', 'column_3', 'A'],
    ],
    [
      ['', '', ''],
      ['column_1', 'column_2', 'column_3'],
    ],
    [
      ['a', 'a', 'a_2', 'a'],
      ['a', 'a_3', 'a_2', 'a_4'],
    ],
    [
      ['column_2', ''],
      ['column_2', 'column_2_2'],
    ],
  ];
  for (const [header, names] of headers)
    it(header.join(), () => {
      assert.deepEqual(columnNames(header), names);
      assert.equal(new Set(names).size, names.length);
    });
});
