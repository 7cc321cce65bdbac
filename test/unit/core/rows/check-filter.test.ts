import assert from 'node:assert/strict';
import type { MigrationError } from '../../../../src/core/errors.ts';
import { checkFilter } from '../../../../src/core/rows/check-filter.ts';

type Dialect = Parameters<typeof checkFilter>[1];

describe('checkFilter', () => {
  const taken: readonly (readonly [Dialect, string])[] = [
    ['postgresql', 'a > 1 AND (b IS NULL OR c = 2)'],
    ['postgresql', `name = 'it''s; (' AND "odd;)" = 1`],
    ['postgresql', `name = E'a\\'; ('`],
    ['postgresql', 'doc @> $${"a": "(;"}$$ AND doc ? \'key\''],
    ['postgresql', 'x = $tag$ ; $$ ( $tag$'],
    ['postgresql', "a::text ~ 'x' -- that is all; ("],
    ['postgresql', 'a /* outer /* inner ; */ ( */ = 1'],
    ['postgresql', 'money$1 = 2'],
    ['postgresql', `name = 'back\\'`],
    ['sqlite', 'a > 1 AND [odd )] = 1 AND `b(` = 2'],
    ['sqlite', `name LIKE '?%' AND "what?" = 1`],
    ['sqlite', 'a /* one /* ; */ = 1'],
    ['sqlite', `doc -> '$.a' = 1`],
  ];
  for (const [dialect, filter] of taken) {
    it(`takes ${filter} (${dialect})`, () => assert.equal(checkFilter(filter, dialect), filter));
  }

  it('takes nothing as no condition', () => {
    for (const nothing of [null, '', ' \n\t']) assert.equal(checkFilter(nothing, 'postgresql'), null);
  });

  const refused: readonly (readonly [Dialect, string, number])[] = [
    ['postgresql', 'a = 1; DROP TABLE x', 6],
    ['postgresql', '1 = 1) OR (1 = 1', 6],
    ['postgresql', '(a = 1', 6],
    ['postgresql', `name = 'open`, 8],
    ['postgresql', `name = "open`, 8],
    ['postgresql', 'a = 1 /* open', 7],
    ['postgresql', 'a = 1 /* outer /* inner */', 7],
    ['postgresql', 'a = $1', 5],
    ['postgresql', 'x = $a$ open $b$', 5],
    ['postgresql', '-- only this', 1],
    ['postgresql', '/* only */ -- this', 1],
    ['postgresql', 'a = 1\0', 6],
    ['postgresql', `a = '1') --'`, 8],
    ['sqlite', 'a = ?', 5],
    ['sqlite', 'a = ?1', 5],
    ['sqlite', 'a = :name', 5],
    ['sqlite', 'a = @name', 5],
    ['sqlite', 'a = $name', 5],
    ['sqlite', '[open = 1', 1],
    ['sqlite', 'a = 1)', 6],
  ];
  for (const [dialect, filter, position] of refused) {
    it(`refuses ${JSON.stringify(filter)} (${dialect})`, () => {
      assert.throws(
        () => checkFilter(filter, dialect),
        (error: MigrationError) => error.code === 'filter-refused' && error.context['position'] === position,
      );
    });
  }
});
