import assert from 'node:assert/strict';
import { shadowName, ShadowSchemas } from '../../../../src/core/diff/shadow-schemas.ts';

const shop = shadowName('0b', true);
const publicShadow = shadowName('0a', false);
const shadows = new ShadowSchemas(
  [
    { name: 'public', shadow: publicShadow },
    { name: 'My "Shop"', shadow: shop },
  ],
  [
    { schema: 'public', table: 'orders' },
    { schema: 'public', table: 'seq' },
    { schema: 'My "Shop"', table: 'mood' },
  ],
);

/** Statement, and as it is made beside what is there. */
const moves: [string, string][] = [
  ['CREATE TABLE "public"."orders" ("id" bigint)', `CREATE TABLE "${publicShadow}"."orders" ("id" bigint)`],
  ['REFERENCES "public"."theirs" ("id")', 'REFERENCES "public"."theirs" ("id")'],
  ['"v" "public"."vector"(3)', '"v" "public"."vector"(3)'],
  [`DEFAULT ('a'::"My ""Shop""".mood)`, `DEFAULT ('a'::"${shop}".mood)`],
  ['CHECK (Public.ORDERS IS NOT NULL)', `CHECK ("${publicShadow}".ORDERS IS NOT NULL)`],
  [`DEFAULT nextval('public.seq'::regclass)`, `DEFAULT nextval('"${publicShadow}"."seq"'::regclass)`],
  [`DEFAULT 'it''s public.orders'`, `DEFAULT 'it''s public.orders'`],
  [`DEFAULT E'\\'public.seq' /* public.orders */ -- public.orders`, `DEFAULT E'\\'public.seq' /* public.orders */ -- public.orders`],
  ['DEFAULT $x$public.orders$x$', 'DEFAULT $x$public.orders$x$'],
  ['other.public.orders', 'other.public.orders'],
  ['OWNED BY "public"."orders"."id"', `OWNED BY "${publicShadow}"."orders"."id"`],
];

describe('ShadowSchemas', () => {
  for (const [sql, expected] of moves) it(sql, () => assert.equal(shadows.moveSql(sql), expected));

  it('puts the real names back, as a name and inside SQL', () => {
    const value = { schema: shop, texts: [`"${shop}".mood`, `nextval('${publicShadow}.seq'::regclass)`], number: 1, none: null };
    assert.deepEqual(shadows.restore(value), {
      schema: 'My "Shop"',
      texts: ['"My ""Shop""".mood', "nextval('public.seq'::regclass)"],
      number: 1,
      none: null,
    });
  });
});
