import assert from 'node:assert/strict';
import { plural } from '../../../../src/core/model/plural.ts';

describe('plural', () => {
  for (const [count, one, many, expected] of [
    [1, 'row', undefined, '1 row'],
    [0, 'row', undefined, '0 rows'],
    [2, 'index', 'indexes', '2 indexes'],
    [1n, 'value was rounded', 'values were rounded', '1 value was rounded'],
    ['1', 'orphan', undefined, '1 orphan'],
    ['10', 'orphan', undefined, '10 orphans'],
  ] as const)
    it(expected, () => assert.equal(plural(count, one, many), expected));
});
