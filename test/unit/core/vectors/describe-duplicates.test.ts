import assert from 'node:assert/strict';
import { describeDuplicates, type DuplicateFacts } from '../../../../src/core/vectors/describe-duplicates.ts';

const index = { name: 'near', label: 'hnsw' };
const facts: DuplicateFacts = {
  column: { column: 'embedding', indexes: [] },
  metric: 'cosine',
  rows: 500,
  asked: null,
  used: null,
  exact: false,
  compared: 0,
  zeroVectors: 0,
};

describe('describeDuplicates', () => {
  const cases: readonly (readonly [title: string, facts: Partial<DuplicateFacts>, words: RegExp | null])[] = [
    ['a few rows, all compared', {}, null],
    ['many rows, as was wished', { rows: 90_000, exact: true }, null],
    [
      'many rows without an index',
      { rows: 90_000 },
      /^Column embedding has no vector index, so all 90,000 rows were compared with each other\.$/,
    ],
    ['an index', { asked: index, used: index }, /^Found through index near \(hnsw\), which is approximate: .* \(--exact\) compares all\.$/],
    [
      'an index and some rows beside',
      { asked: index, used: index, compared: 1 },
      /all\. 1 row with very many near ones was compared with every other\.$/,
    ],
    [
      'an index that does not serve',
      { asked: index, rows: 3_000 },
      /^Index near does not serve this search, .* all 3,000 rows were compared/,
    ],
    ['zero vectors', { zeroVectors: 2 }, /^2 zero vectors have no cosine distance and are left out\.$/],
  ];
  for (const [title, more, words] of cases)
    it(title, () => {
      const text = describeDuplicates({ ...facts, ...more });
      if (words === null) assert.equal(text, null);
      else assert.match(text ?? '', words);
    });
});
