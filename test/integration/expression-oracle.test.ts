import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { ExpressionColumn } from '../../src/core/mapping/expressions/expression-column.ts';
import { translateExpression } from '../../src/core/mapping/expressions/translate-expression.ts';
import type { Target } from '../../src/core/target/target.ts';
import { describeOnTargets } from '../helpers/target-harness.ts';

/** SQLite's type, ours, and values as SQL of both. */
const columns: Readonly<Record<string, readonly [declared: string, type: string, values: readonly string[]]>> = {
  a: ['TEXT', 'text', ['NULL', "''", "'x'", "'X'", "'Äx'", "'äX'", "'a%_b'", "'  pad '", "'12'", "'it''s'"]],
  b: ['TEXT', 'text', ['NULL', "'x'", "'y'", "'ZZ top'"]],
  n: ['INTEGER', 'bigint', ['NULL', '-7', '0', '1', '2', '5', '2147483647', '1000000007']],
  m: ['INTEGER', 'bigint', ['NULL', '-2', '0', '3', '1']],
  s: ['INTEGER', 'smallint', ['NULL', '-300', '0', '1', '299']],
  r: ['REAL', 'double precision', ['NULL', '0.0', '0.1', '-2.5', '3.0', '1000000.25']],
  nc: ['TEXT COLLATE NOCASE', 'text', ['NULL', "'x'", "'X'", "'ä'", "'Y'"]],
  rt: ['TEXT COLLATE RTRIM', 'text', ['NULL', "'x'", "'x  '", "' x'"]],
};
const rows = 60;
const collations: Readonly<Record<string, string>> = { nc: 'NOCASE', rt: 'RTRIM' };

function column(name: string): ExpressionColumn | null {
  const found = columns[name.toLowerCase()];
  return found === undefined ? null : { to: name.toLowerCase(), type: found[1], collation: collations[name.toLowerCase()] ?? null };
}

const text = fc.constantFrom(
  'a',
  'b',
  'nc',
  'rt',
  "'x'",
  "'X  '",
  "''",
  'lower(a)',
  'upper(nc)',
  "a || '-' || n",
  'substr(a, 2, 1)',
  'trim(a)',
  "replace(a, 'x', 'y')",
  "coalesce(b, a, 'q')",
  'CAST(n AS TEXT)',
);
const integer = fc.constantFrom(
  'n',
  'm',
  's',
  '0',
  '1',
  '-3',
  '7',
  'length(a)',
  "instr(a, 'x')",
  'abs(m)',
  'CAST(r AS INTEGER)',
  '(n & 6)',
  '(m << 3)',
  '~s',
  'n / m',
  'n % m',
  's * s',
  '-n',
  '- -3',
  '-(-(-m))',
);
const real = fc.constantFrom('r', '1.5', 'r * 2', 'r / m', 'n + r', '-r', 'CAST(n AS REAL)', 'abs(r)');
const compare = fc.constantFrom('=', '==', '<>', '!=', '<', '<=', '>', '>=', 'IS', 'IS NOT');

const comparison = fc.oneof(
  fc.tuple(text, compare, text).map((parts) => parts.join(' ')),
  fc.tuple(fc.oneof(integer, real), compare, fc.oneof(integer, real)).map((parts) => parts.join(' ')),
  fc
    .tuple(
      text,
      fc.constantFrom('LIKE', 'NOT LIKE', 'GLOB', 'NOT GLOB'),
      fc.constantFrom("'x%'", "'%_b'", "'X'", "'*x'", "'[a-x]*'", "'?'", "'[^x]'", "'a%[_]b'", "'Ä*'"),
    )
    .map((parts) => parts.join(' ')),
  fc
    .tuple(text, fc.constantFrom('IN', 'NOT IN'), fc.constantFrom("('x', 'Y')", "('', NULL)", "(b, 'X')", "(nc, 'x ')", "(rt, 'X')"))
    .map((parts) => parts.join(' ')),
  fc
    .tuple(integer, fc.constantFrom('BETWEEN', 'NOT BETWEEN'), integer, integer)
    .map(([value, word, low, high]) => `${value} ${word} ${low} AND ${high}`),
  fc.tuple(fc.oneof(text, integer, real), fc.constantFrom('IS NULL', 'NOTNULL', 'ISNULL', 'NOT NULL')).map((parts) => parts.join(' ')),
  fc
    .tuple(text, compare, text, fc.constantFrom('NOCASE', 'BINARY', 'RTRIM'))
    .map(([a, sign, b, collation]) => `${a} ${sign} ${b} COLLATE ${collation}`),
);

const condition = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    comparison,
    fc.tuple(tie('condition'), fc.constantFrom('AND', 'OR'), tie('condition')).map(([a, word, b]) => `${a} ${word} ${b}`),
    tie('condition').map((inner) => `NOT (${inner})`),
    tie('condition').map((inner) => `(${inner})`),
  ),
})).condition;

const expression = fc.oneof(
  condition.map((found) => ({ sql: found, kind: 'condition' })),
  fc
    .tuple(
      integer,
      fc.constantFrom('+', '-', '*'),
      fc.constantFrom('m', 's', '2', 'length(b)'),
      fc.constantFrom('+', '*', '/', '%'),
      fc.constantFrom('3', 's', 'm'),
    )
    .map((parts) => ({ sql: parts.join(' '), kind: 'integer' })),
  fc.tuple(real, fc.constantFrom('+', '-', '*', '/'), fc.oneof(real, integer)).map((parts) => ({ sql: parts.join(' '), kind: 'real' })),
  fc.tuple(text, text).map(([a, b]) => ({ sql: `${a} || ${b}`, kind: 'text' })),
  fc.tuple(condition, text, text).map(([when, a, b]) => ({ sql: `CASE WHEN ${when} THEN ${a} ELSE ${b} END`, kind: 'text' })),
  fc.tuple(condition, integer).map(([when, a]) => ({ sql: `iif(${when}, ${a}, 0) * 3`, kind: 'integer' })),
);

describeOnTargets('S20 S27 S29 translated expressions give what SQLite gives', (target) => {
  const store = new Database(':memory:');
  let schema = 0;

  before(() => {
    store.exec(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, ${Object.entries(columns)
        .map(([name, [declared]]) => `${name} ${declared}`)
        .join(', ')})`,
    );
  });

  it('for any expression that is carried (property)', async function () {
    this.timeout(300_000);
    const values = fc.sample(fc.tuple(...Object.values(columns).map(([, , options]) => fc.constantFrom(...options))), {
      numRuns: rows,
      seed: 7,
    });
    const list = values.map((row, i) => `(${i + 1}, ${row.join(', ')})`).join(', ');
    store.exec(`DELETE FROM t; INSERT INTO t VALUES ${list}`);
    const table = `oracle_${++schema}`;
    await target().query(
      `CREATE TABLE ${table} (id bigint, ${Object.entries(columns)
        .map(([name, [, type]]) => `${name} ${type}`)
        .join(', ')})`,
    );
    await target().query(`INSERT INTO ${table} VALUES ${list}`);
    let carried = 0;
    await fc.assert(
      fc.asyncProperty(expression, async ({ sql, kind }) => {
        const translated = translateExpression(sql, column, 'generated');
        if ('refused' in translated) return;
        carried += 1;
        assert.equal(await ours(target(), table, translated.sql), theirs(sql), `${kind} ${sql} → ${translated.sql}`);
      }),
      { numRuns: 400 },
    );
    assert.ok(carried > 250, `only ${carried} of 400 expressions are carried`);
  });

  /** Values in the order of the ids, as one text; reals by their bits. */
  function theirs(sql: string): string {
    const found = store.prepare(`SELECT ${sql} FROM t ORDER BY id`).pluck().safeIntegers().all() as readonly (
      bigint | number | string | null
    )[];
    return found.map((value) => (typeof value === 'number' ? bits(value) : String(value))).join('|');
  }

  async function ours(session: Target, table: string, sql: string): Promise<string> {
    const { rows: found } = await session.query(
      `SELECT CASE pg_typeof(v)::text
           WHEN 'boolean' THEN CASE v::text WHEN 'true' THEN '1' WHEN 'false' THEN '0' END
           WHEN 'double precision' THEN 'double ' || v::text ELSE v::text END AS v
       FROM (SELECT id, ${sql} AS v FROM ${table}) x ORDER BY id`,
    );
    const real = 'double ';
    return found.map(({ v }) => (typeof v === 'string' && v.startsWith(real) ? bits(Number(v.slice(real.length))) : String(v))).join('|');
  }

  function bits(value: number): string {
    return Buffer.from(new Float64Array([value === 0 ? 0 : value]).buffer).toString('hex');
  }
});
