import assert from 'node:assert/strict';
import { compilePlan } from '../../../../src/core/plan/compile-plan.ts';
import { readPlan } from '../../../../src/core/plan/read-plan.ts';
import { validatePlan } from '../../../../src/core/plan/validate-plan.ts';

const columns = [
  { from: 'id', to: 'id', type: 'bigint', identity: true, nullable: false },
  { from: 'code', to: 'code', type: 'varchar(3)', nullable: false },
  { from: 'state', to: 'state', type: 'state' },
  { from: 'price', to: 'price', type: 'numeric(4,2)' },
  { from: 'at', to: 'at', type: 'timestamptz' },
  { from: 'facts', to: 'facts', type: 'jsonb' },
  { from: 'list', to: 'list', type: 'integer[]' },
  { from: 'near', to: 'near', type: 'vector(2)' },
  { from: 'bytes', to: 'bytes', type: 'bytea' },
  { from: 'yes', to: 'yes', type: 'boolean' },
  { to: 'twice', type: 'text', generated: 'code || code' },
];

/** Text of a plan with these seed rows on their own lines, so that a problem's line is 1 + the row's number. */
function planText(seed: readonly object[], table: object = {}): string {
  const { sources, ...rest } = {
    version: 1,
    name: 'p',
    sources: { main: { kind: 'sqlite', path: 'a.db' } },
    target: { profile: 'embedded' },
    enums: [{ name: 'state', values: ['open', 'shut'] }],
  };
  const body = { source: 'main', from: 't', to: 't', columns, primaryKey: ['id'], uniques: [['code']], ...table };
  const head = JSON.stringify({ ...rest, sources }).slice(0, -1);
  return `${head}, "tables": [${JSON.stringify(body).slice(0, -1)}, "seed": [\n${seed.map((row) => JSON.stringify(row)).join(',\n')}\n]}]}`;
}

function problems(seed: readonly object[], table: object = {}): readonly string[] {
  return validatePlan(planText(seed, table)).problems.map(
    ({ line, column, message }) => `${line}:${column > 1 ? 'value' : 'row'} ${message}`,
  );
}

const good = { id: 1, code: 'abc' };

describe('seed rows of a plan', () => {
  it('whose values fit are no problem', () => {
    const full = {
      ...good,
      ...{
        state: 'open',
        price: 12.25,
        at: '2026-01-02T03:04:05+01:00',
        facts: { a: [] },
        list: [1, null],
        near: [0.1, 2],
        bytes: '\\x00ff',
        yes: true,
      },
    };
    assert.deepEqual(problems([full, { id: '9223372036854775807', code: 'x', facts: 'text', price: '1.5' }]), []);
  });

  for (const [what, row, message] of [
    ['an unknown column', { other: 1 }, /^2:value public\.t has no column "other"\.$/],
    ['a computed column', { twice: 'x' }, /^2:value "twice" is computed by PostgreSQL\.$/],
    ['a text that is too long', { code: 'abcd' }, /^2:value "code" is varchar\(3\): a text of 4 characters does not fit 3\.$/],
    ['a label that is none', { state: 'ajar' }, /^2:value "state" is state: it is one of open, shut\.$/],
    ['a number with too many digits', { price: 1.234 }, /^2:value "price" is numeric\(4,2\): the value would be rounded\.$/],
    ['a number that is too large', { price: 1000 }, /^2:value "price" is numeric\(4,2\): /],
    ['a day that is none', { at: '2026-02-30' }, /^2:value "at" is timestamptz: /],
    ['a list with a text', { list: [1, 'x'] }, /^2:value "list" is integer\[\]: /],
    ['an object for a scalar', { code: {} }, /^2:value "code" is varchar\(3\): it takes no list or object\.$/],
    ['another number of dimensions', { near: [1, 2, 3] }, /^2:value "near" is vector\(2\): /],
    ['bytes that are no hexadecimal digits', { bytes: 'abc' }, /^2:value "bytes" is bytea: bytes are written as/],
    ['a truth that is a text', { yes: 'perhaps' }, /^2:value "yes" is boolean: /],
    ['an integer that JSON has rounded', { id: 2 ** 60 }, /^2:value This number is too large to be read exactly/],
    ['NULL where there is none', { code: null }, /^2:value "code" is varchar\(3\): it is never NULL\.$/],
  ] as const) {
    it(`${what} is a problem with its place`, () => {
      const [first] = problems([{ ...good, ...row }]);
      assert.match(String(first), message);
    });
  }

  it('need every column that is never NULL, one key, and numbers in all of them or in none', () => {
    assert.deepEqual(problems([{ id: 1 }]), ['2:row "code" is never NULL and has no default, so a seed row needs it.']);
    assert.deepEqual(problems([good, { id: 1, code: 'def' }]), ['3:row Another seed row has this key (id) already.']);
    assert.deepEqual(problems([good, { code: 'def' }]), ['3:row "id" numbers the rows: give it in all seed rows or in none.']);
    assert.deepEqual(problems([{ code: 'def' }]), []);
    const [told] = problems([{ code: 'def' }], { uniques: [] });
    assert.match(String(told), /^1:value Seed rows of public\.t cannot be told from rows of the source: /);
  });

  it('come behind unique keys and before foreign keys, each a statement of its own with literals that have no type', () => {
    const text = planText([{ code: `it's`.slice(0, 3), state: null, list: [1, null], facts: null }], {
      foreignKeys: [{ columns: ['id'], references: { schema: 'other', table: 'p' }, referencesColumns: ['id'] }],
      fullText: { column: 'words', from: ['code'] },
    });
    const { postData, tables } = compilePlan(readPlan(text, { path: 'p' }));
    assert.deepEqual(
      postData.map(({ object }) => object?.kind ?? null),
      ['primary-key', 'unique', 'seed', 'index', 'foreign-key', null],
    );
    const seed = postData.find(({ object }) => object?.kind === 'seed');
    assert.equal(
      seed?.sql,
      `INSERT INTO "public"."t" ("code", "state", "facts", "list") VALUES ('it''', NULL, NULL, '{"1",NULL}') ON CONFLICT DO NOTHING`,
    );
    assert.deepEqual(tables[0]?.seeds, { columns: ['code'], types: ['varchar(3)'], rows: [{ name: '1', texts: [`it'`] }] });
  });
});
