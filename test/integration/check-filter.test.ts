import assert from 'node:assert/strict';
import type { MigrationError } from '../../src/core/errors.ts';
import { checkFilter } from '../../src/core/target/check-filter.ts';
import { inReadOnly } from '../../src/core/target/read-only.ts';
import { describeOnTargets } from '../helpers/target-harness.ts';

const table = { schema: 'public', table: 'Odd "🎈" name' };

describeOnTargets('checkFilter', (target) => {
  before(() =>
    target().query(
      `CREATE TABLE "Odd ""🎈"" name" (a int, b int, name text, doc jsonb, "odd;)" int, money$1 int);
       INSERT INTO "Odd ""🎈"" name" (a) VALUES (1); CREATE SEQUENCE counter`,
    ),
  );
  const check = (filter: string): Promise<void> => inReadOnly(target(), (session) => checkFilter(session, table, filter));

  const taken: readonly string[] = [
    'a > 1 AND (b IS NULL OR b = 2)',
    `name = 'it''s; (' AND "odd;)" = 1`,
    `name = E'a\\'; ('`,
    `doc @> $\${"a": "(;"}$$ AND doc ? 'key'`,
    'name = $tag$ ; $$ ( $tag$',
    "a::text ~ 'x' -- that is all; (",
    'a /* outer /* inner ; */ ( */ = 1',
    'money$1 = 2',
    `name = 'back\\'`,
    `name = 'costs $1'`,
    `name = E'a'\n'\\' ) ( $1'`,
    'a IN (SELECT b FROM "Odd ""🎈"" name")',
  ];
  for (const filter of taken) it(`takes ${filter}`, () => check(filter));

  const refused: readonly (readonly [filter: string, words: RegExp, position?: number])[] = [
    [' \n', /is empty/],
    ['a = 1\0', /NUL/, 6],
    ['a = 1; DROP TABLE counter', /more than one statement/],
    ['a = 1;', /syntax error/, 6],
    ['true); DROP SEQUENCE counter; SELECT (true', /syntax error/, 5],
    ['true) OR (true', /syntax error at or near "\)"/, 5],
    ['1 = 1) OR (1 = 1', /syntax error/, 6],
    ['true) /*', /syntax error|unterminated/],
    ["a = '1') --'", /invalid input syntax|syntax error/],
    // A quoted text goes on in the next line, with the backslashes of its first part.
    [`(name = E'a'\n'\\'') OR (true OR (true --'`, /syntax error/],
    ['true LIMIT 1', /syntax error/, 6],
    ['true ORDER BY 1', /syntax error/, 6],
    ['true) ORDER BY 1 --', /syntax error/, 5],
    ['true UNION SELECT 1', /syntax error|UNION/],
    ['true FOR UPDATE', /syntax error|read-only/],
    ['(a = 1', /syntax error/],
    ['a >> ', /syntax error/],
    ["name = 'open", /unterminated quoted string/, 8],
    ['name = "open', /unterminated quoted identifier/, 8],
    ['a = 1 /* open', /unterminated \/\* comment/, 7],
    ['a = 1 /* outer /* inner */', /unterminated \/\* comment/, 7],
    ['name = $a$ open $b$', /unterminated dollar-quoted string/, 8],
    ['-- only this', /syntax error/],
    ['/* only */ -- this', /syntax error/],
    ['name = $1', /there is no parameter \$1/, 8],
    ['$1 IS NULL', /there is no parameter \$1/, 1],
    ['a = $1', /operator does not exist|no parameter/],
    ['a = $2', /parameter/],
    ['SELECT', /syntax error/],
    ['nope = 1', /column "nope" does not exist/, 1],
    ["name = '🎈' AND\n nope = 2", /nope/, 17],
    ['a', /type boolean/, 1],
    ['a, b', /syntax error/, 2],
    ['count(*) > 1', /aggregate/, 1],
  ];
  for (const [filter, words, position] of refused) {
    it(`refuses ${JSON.stringify(filter)}`, async () => {
      const error = await check(filter).then(
        () => assert.fail('it was taken'),
        (thrown: unknown) => thrown as MigrationError,
      );
      assert.equal(error.code, 'filter-refused', error.message);
      assert.match(error.message, words);
      if (position !== undefined) assert.equal(error.context['position'], position, error.message);
      const { rows } = await target().query(`SELECT (SELECT count(*)::int FROM "Odd ""🎈"" name") AS n, last_value FROM counter`);
      assert.deepEqual([rows[0]?.['n'], String(rows[0]?.['last_value'])], [1, '1']);
    });
  }

  it('executes nothing', () => check("nextval('counter') > 0 AND pg_sleep(60) IS NULL"));

  it('says so when there is no such table', async () => {
    const nowhere = inReadOnly(target(), (session) => checkFilter(session, { schema: 'public', table: 'nowhere' }, 'true'));
    await assert.rejects(nowhere, /"public.nowhere" does not exist/);
  });
});
