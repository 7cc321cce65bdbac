import assert from 'node:assert/strict';
import { compareAnswers } from '../../../../src/core/verify/parity-rows.ts';

describe('answers of a parity query', () => {
  const equal: readonly (readonly [source: string | null, target: string | null, equal: boolean])[] = [
    ['a', 'a', true],
    ['1', '1.00', true],
    ['1e2', '100', true],
    ['0', '-0.0', true],
    ['9007199254740993', '9007199254740992', false],
    ['0.1', '0.10000000000000001', false],
    ['1', 't', true],
    ['false', 'f', true],
    ['true', 'f', false],
    ['', null, false],
    [null, null, true],
    ['1', '-1', false],
    ['10', '1', false],
    ['a', 'A', false],
    ['', '0', false],
  ];
  for (const [source, target, expected] of equal)
    it(`${source ?? 'NULL'} ${expected ? 'is' : 'is not'} ${target ?? 'NULL'}`, () =>
      assert.equal(compareAnswers([[source]], [[target]], 1).length === 0, expected));

  it('differ by place, and where one has more rows or cells', () => {
    assert.deepEqual(compareAnswers([['1'], ['2'], ['3']], [['1'], ['3']], 10), [
      { row: 2, source: ['2'], target: ['3'] },
      { row: 3, source: ['3'], target: null },
    ]);
    assert.equal(compareAnswers([['1', '2']], [['1']], 10).length, 1);
    assert.equal(compareAnswers([['1'], ['2']], [], 1).length, 1);
  });
});
