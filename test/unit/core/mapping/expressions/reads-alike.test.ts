import assert from 'node:assert/strict';
import { readsAlike } from '../../../../../src/core/mapping/expressions/reads-alike.ts';

describe('readsAlike', () => {
  const alike = ['(n BETWEEN 0 AND 10)', `("a b" = 'x/y')`, 'n IN (1, 2)', 'NOT (a IS NULL OR b <> 2.5)', '(n * 2) + 1', `'it''s'`];
  for (const expression of alike) it(`takes ${expression}`, () => assert.equal(readsAlike(expression, 'duckdb'), true));

  const unlike = [
    'n / 2',
    'n % 2',
    "a || 'x'",
    'lower(a)',
    "a LIKE 'A%'",
    'CAST(n AS INTEGER)',
    'n::INTEGER',
    'a ~ b',
    "nextval('s')",
    '7 // 2',
  ];
  for (const expression of unlike) {
    it(`leaves ${expression}`, () => {
      assert.equal(readsAlike(expression, 'duckdb'), false);
      assert.equal(readsAlike(expression, 'sqlite'), true);
    });
  }
});
