import assert from 'node:assert/strict';
import { judgeHealth, type HealthFacts } from '../../../../src/core/vectors/judge-health.ts';

const facts: HealthFacts = {
  column: {
    schema: 'public',
    table: 'reports',
    column: 'embedding',
    type: 'vector(3)',
    dimensions: 3,
    key: [{ name: 'id', cast: 'int4' }],
  },
  rows: 10,
  vectors: 10,
  zero: 0,
  endless: 0,
  expected: 3,
  fitting: 10,
  found: [{ dimensions: 3, rows: 10 }],
  norms: { least: 1, median: 1, mean: 1, most: 1, unit: 10, histogram: null },
  duplicates: { groups: 0, rows: 0, examples: [] },
  constantDimensions: [],
};

describe('judgeHealth', () => {
  const judge = async (
    more: Partial<HealthFacts>,
  ): Promise<{ readonly healthy: boolean; readonly said: readonly string[]; readonly asked: number }> => {
    let asked = 0;
    const { healthy, checks } = await judgeHealth({ ...facts, ...more }, () => Promise.resolve([[String((asked += 1))]]));
    const said = checks
      .filter(({ state, count }) => state !== 'ok' || count > 0)
      .map(({ check, state, message }) => `${check} ${state}: ${message}`);
    return { healthy, said, asked };
  };

  it('asks for no examples where nothing is wrong', async () => {
    assert.deepEqual(await judge({}), { healthy: true, said: [], asked: 0 });
  });

  const cases: readonly (readonly [title: string, facts: Partial<HealthFacts>, healthy: boolean, said: readonly string[]])[] = [
    [
      'other dimensions',
      {
        fitting: 9,
        found: [
          { dimensions: 3, rows: 9 },
          { dimensions: 2, rows: 1 },
        ],
      },
      false,
      ['dimensions problem: 1 vector has other dimensions (2) than the 3 of most.'],
    ],
    [
      'NaN',
      { endless: 1, norms: { least: 1, median: 1, mean: 1, most: 1, unit: 9, histogram: null } },
      false,
      ['finite problem: 1 vector has an element that is NaN, infinite or NULL, or a norm beyond measure.'],
    ],
    [
      'one norm among many of 1',
      { norms: { least: 1, median: 1, mean: 1.1, most: 2.00004, unit: 9, histogram: null } },
      true,
      ['norms warning: 1 vector is not of norm 1 as most are (norms from 1 to 2, median 1).'],
    ],
    [
      'a model whose norms are not 1',
      { norms: { least: 3, median: 4, mean: 4, most: 5, unit: 0, histogram: null } },
      true,
      ['norms ok: 10 vectors are not of norm 1 (norms from 3 to 5, median 4): inner product ranks them otherwise than cosine does.'],
    ],
    [
      'many constant dimensions',
      { constantDimensions: Array.from({ length: 1_200 }, (_, i) => i + 1) },
      true,
      ['constant-dimensions warning: 1,200 dimensions have one value in all vectors (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …).'],
    ],
    [
      'what cannot be told',
      { constantDimensions: { skipped: 'there are no two vectors to compare' } },
      true,
      ['constant-dimensions skipped: Not examined: there are no two vectors to compare.'],
    ],
    ['missing vectors', { rows: 1_001, vectors: 10 }, true, ['missing warning: 991 rows of 1,001 have no vector.']],
  ];
  for (const [title, more, healthy, said] of cases)
    it(title, async () => {
      const judged = await judge(more);
      assert.deepEqual([judged.healthy, judged.said], [healthy, said]);
    });
});
