import assert from 'node:assert/strict';
import { draftView, type ViewNames } from '../../../../src/core/mapping/views/draft-view.ts';

const tables: Readonly<Record<string, string>> = { t: 't', 'order item': 'order_item' };
const columns: Readonly<Record<string, string>> = { a: 'text', n: 'bigint', active: 'boolean' };
const names: ViewNames = {
  schema: 'public',
  table: (name) => tables[name.toLowerCase()] ?? null,
  column: (name) => {
    const type = columns[name.toLowerCase()];
    return type === undefined ? null : { to: name.toLowerCase(), type };
  },
};

/** [select of the view, select of the draft, doubts] */
const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['SELECT A, `n` FROM [Order Item]', 'SELECT "a", "n" FROM "public"."order_item"', []],
  ['SELECT T.* FROM t AS T WHERE t.n == 1', 'SELECT "T".* FROM "public"."t" AS "T" WHERE "T"."n" = 1', []],
  ['SELECT a FROM main.t -- why\n WHERE a ISNULL', 'SELECT "a" FROM "public"."t" -- why\n WHERE "a" IS NULL', []],
  ['SELECT ifnull(a, "x") y FROM t LIMIT 2, 5', 'SELECT coalesce("a", \'x\') "y" FROM "public"."t" LIMIT 5 OFFSET 2', []],
  ['SELECT group_concat(a) FROM t WHERE active = 1', 'SELECT string_agg("a"::text, \',\') FROM "public"."t" WHERE "active" = true', []],
  [
    "SELECT count(*), x'0f' FROM t WHERE a LIKE 'x' AND n IS NOT 3",
    `SELECT count(*), '\\x0f'::bytea FROM "public"."t" WHERE "a" ILIKE 'x' AND "n" IS DISTINCT FROM 3`,
    [],
  ],
  ['WITH c AS (SELECT n FROM t) SELECT C.n FROM C', 'WITH "c" AS (SELECT "n" FROM "public"."t") SELECT "c"."n" FROM "c"', []],
  [
    'SELECT date(a), b FROM gone',
    'SELECT date("a"), b FROM "public"."gone"',
    ['date() is another function in PostgreSQL, or none', 'no table has a column b', 'gone is not carried over'],
  ],
];

describe('mapping/draft-view', () => {
  for (const [select, expected, doubts] of cases) {
    it(`S23 ${select}`, () => {
      const draft = draftView(`CREATE VIEW v AS ${select}`, 'v', names);
      assert.equal(draft?.sql, `CREATE VIEW "public"."v" AS ${expected}`);
      assert.deepEqual([...(draft?.doubts ?? [])].toSorted(), doubts.toSorted());
    });
  }

  it('S23 columns that the view names', () =>
    assert.equal(
      draftView('CREATE TEMP VIEW v (x, "Y y") AS SELECT a, n FROM t', 'v', names)?.sql,
      'CREATE VIEW "public"."v" ("x", "Y y") AS SELECT "a", "n" FROM "public"."t"',
    ));

  it('S23 what is no view has no draft', () => assert.equal(draftView('CREATE VIEW v AS SELEC a', 'v', names), null));
});
