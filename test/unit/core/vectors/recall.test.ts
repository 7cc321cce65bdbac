import assert from 'node:assert/strict';
import { rankAmong, recallOf } from '../../../../src/core/vectors/recall.ts';

const at = (...orderings: readonly number[]): { readonly ordering: number }[] => orderings.map((ordering) => ({ ordering }));

describe('recallOf', () => {
  const cases: readonly (readonly [title: string, exact: readonly number[], found: readonly number[], recall: number | null])[] = [
    ['everything found', [1, 2, 3], [1, 2, 3], 1],
    ['one of four lost', [1, 2, 3, 4], [1, 2, 3, 9], 0.75],
    ['a tie at the end counts, whichever row was taken', [1, 2, 2], [1, 2, 2], 1],
    ['fewer rows found', [1, 2, 3, 4], [1, 2], 0.5],
    ['nothing found', [1, 2], [], 0],
    ['nothing to find', [], [], null],
    ['more than asked for is no more than all', [1], [1, 1], 1],
    ['inner products are negative', [-9, -8], [-9, -1], 0.5],
  ];
  for (const [title, exact, found, recall] of cases) it(title, () => assert.equal(recallOf(at(...exact), at(...found)), recall));
});

describe('rankAmong', () => {
  const cases: readonly (readonly [all: readonly number[], ordering: number, rank: number])[] = [
    [[], 1, 1],
    [[1, 2, 3], 1, 1],
    [[1, 2, 3], 3, 3],
    [[1, 2, 2, 2, 3], 2, 2],
    [[1, 2, 2, 2, 3], 3, 5],
    [[1, 2, 3], 4, 4],
  ];
  for (const [all, ordering, rank] of cases) it(`${ordering} in [${all}] is ${rank}`, () => assert.equal(rankAmong(all, ordering), rank));
});
