import assert from 'node:assert/strict';
import { translateCondition, translateExpression } from '../../../../src/core/mapping/translate-predicate.ts';

const types: Readonly<Record<string, string>> = {
  a: 'text',
  n: 'bigint',
  'order no': 'bigint',
  active: 'boolean',
  at: 'timestamptz',
  u: 'uuid',
};

function columns(name: string): { readonly to: string; readonly type: string } | null {
  const type = types[name.toLowerCase()];
  return type === undefined ? null : { to: name === 'n' ? 'renamed' : name.toLowerCase(), type };
}

/** [SQLite condition, PostgreSQL condition or null] */
const conditions: readonly (readonly [string, string | null])[] = [
  ['a IS NOT NULL', '("a" IS NOT NULL)'],
  ['A is null', '("a" IS NULL)'],
  ['a NOTNULL', '("a" IS NOT NULL)'],
  ['a NOT NULL', '("a" IS NOT NULL)'],
  ['at IS NULL', '("at" IS NULL)'],
  ['n > 5', '("renamed" > 5)'],
  ['n == -1', '("renamed" = -1)'],
  ['n != 1 AND n <> 2', '(("renamed" <> 1) AND ("renamed" <> 2))'],
  ["a = 'it''s' OR NOT n = 1", '(("a" = \'it\'\'s\') OR (NOT ("renamed" = 1)))'],
  ['(n = 1 OR n = 2) AND a IS NULL', '((("renamed" = 1) OR ("renamed" = 2)) AND ("a" IS NULL))'],
  ['"order no" BETWEEN 0 AND 10', '("order no" BETWEEN 0 AND 10)'],
  ['[order no] NOT BETWEEN 0 AND 10', '("order no" NOT BETWEEN 0 AND 10)'],
  ["a IN ('x', 'y')", "(\"a\" IN ('x', 'y'))"],
  ['n NOT IN (1, 2)', '("renamed" NOT IN (1, 2))'],
  ['length(a) > 3', '(length("a") > 3)'],
  ["lower(a) = 'x'", '(lower("a") = \'x\')'],
  ['active = 1', '("active" = true)'],
  ['active', '"active"'],
  ['NOT active', '(NOT "active")'],
  ['active IN (0, 1)', '("active" IN (false, true))'],
  // Not the same, or not understood, in PostgreSQL.
  ['n', null],
  ['active = 2', null],
  ["n = '5'", null],
  ['a = 5', null],
  ["a < 'm'", null],
  ["at > '2024-01-01'", null],
  ["a LIKE 'x%'", null],
  ["a GLOB 'x*'", null],
  ['n & 1', null],
  ['n % 2 = 0', null],
  ['a = "dq"', null],
  ['missing IS NULL', null],
  ["json_extract(a, '$.x') IS NULL", null],
  ['n > 5 -- comment', null],
  ['n > 5); DROP TABLE x; --', null],
  ['n >', null],
  ['(n > 5', null],
  ['', null],
  ["typeof(n) = 'integer'", null],
  ['n IS 5', null],
  ['length(n) > 3', null],
];

describe('mapping/translate-predicate', () => {
  for (const [text, expected] of conditions) {
    it(`S27 ${text === '' ? '(empty)' : text} ${expected === null ? 'is left' : 'is carried'}`, () =>
      assert.equal(translateCondition(text, columns), expected));
  }

  const expressions: readonly (readonly [string, string | null])[] = [
    ['lower(a)', 'lower("a")'],
    ['UPPER( "a" )', 'upper("a")'],
    ['length(a)', 'length("a")'],
    ['lower(n)', null],
    ['lower(u)', null],
    ['a || n', null],
    ['abs(n)', null],
    ['lower(a', null],
  ];
  for (const [text, expected] of expressions) {
    it(`S27 index on ${text} ${expected === null ? 'is left' : 'is carried'}`, () =>
      assert.equal(translateExpression(text, columns), expected));
  }
});
