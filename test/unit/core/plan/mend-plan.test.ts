import assert from 'node:assert/strict';
import { MigrationError } from '../../../../src/core/errors.ts';
import { compilePlan } from '../../../../src/core/plan/compile-plan.ts';
import { mendPlan, type CompiledWithPlan, type PlanMending } from '../../../../src/core/plan/mend-plan.ts';
import { planSchema, type PlanInput } from '../../../../src/core/plan/plan-schema.ts';
import { columnInput, idColumn, planInput, tableInput } from './plan-input.ts';

type TableInput = PlanInput['tables'][number];

const compiled = (changed: Partial<PlanInput>): CompiledWithPlan => {
  const plan = planSchema.parse(planInput(changed));
  return { plan, compiled: compilePlan(plan) };
};
const mend = (before: Partial<PlanInput>, after: Partial<PlanInput>): PlanMending => mendPlan(compiled(before), compiled(after), null);
const mendTable = (before: Partial<TableInput>, after: Partial<TableInput>): PlanMending =>
  mend({ tables: [tableInput('a', before)] }, { tables: [tableInput('a', after)] });
const columns = (type: string, changed: object = {}): Partial<TableInput> => ({ columns: [idColumn, columnInput('v', type, changed)] });
const sql = ({ statements }: PlanMending): readonly string[] => statements.map((statement) => statement.sql);
const problemsOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof MigrationError);
    assert.equal(error.code, 'mended-too-far');
    return error.context['problems'];
  }
  return assert.fail('nothing was refused');
};

describe('mendPlan', () => {
  it('nothing changes in the target when only words, evidence or the limit of rejects change', () => {
    const mending = mend({}, { notes: ['mended'], options: { onReject: 'quarantine', maxRejects: 9 } });
    assert.deepEqual(mending, { statements: [], dropped: [], tables: [] });
  });

  for (const [from, to, statement] of [
    ['bigint', 'text', 'TYPE text USING "v"::text'],
    ['numeric(3,2)', 'numeric(6,2)', 'TYPE numeric(6,2) USING "v"::numeric(6,2)'],
    ['text', 'bytea', `TYPE bytea USING convert_to("v", 'UTF8')`],
    ['boolean', 'smallint', 'TYPE smallint USING "v"::integer::smallint'],
    ['boolean', 'integer', 'TYPE integer USING "v"::integer'],
    ['vector(3)', 'vector', 'TYPE "public"."vector" USING "v"::"public"."vector"'],
  ] as const) {
    it(`${from} becomes ${to}`, () => {
      const mending = mendTable(columns(from), columns(to));
      assert.deepEqual(sql(mending), [`ALTER TABLE "public"."a" ALTER COLUMN "v" ${statement}`]);
      assert.deepEqual(
        mending.tables.map(({ after }) => after.label),
        ['public.a'],
      );
    });
  }

  it('NULL may be allowed or forbidden', () => {
    assert.deepEqual(sql(mendTable(columns('text', { nullable: false }), columns('text'))), [
      'ALTER TABLE "public"."a" ALTER COLUMN "v" DROP NOT NULL',
    ]);
    assert.deepEqual(sql(mendTable(columns('text'), columns('text', { nullable: false }))), [
      'ALTER TABLE "public"."a" ALTER COLUMN "v" SET NOT NULL',
    ]);
  });

  it('converters and options change how rows are read, and no statement', () => {
    const converter = mendTable(columns('timestamptz'), columns('timestamptz', { convert: 'epoch-ms' }));
    assert.deepEqual([converter.statements.length, converter.tables.length], [0, 1]);
    const option = mend({}, { options: { nulBytes: 'strip' } });
    assert.deepEqual([option.statements.length, option.tables.length], [0, 1]);
  });

  it('checks, keys, indexes and foreign keys that are gone are dropped, what points to a key first', () => {
    const child = tableInput('b', {
      columns: [idColumn, columnInput('p', 'bigint')],
      foreignKeys: [{ columns: ['p'], references: 'a', referencesColumns: ['id'] }],
    });
    const parent = tableInput('a', {
      uniques: [['v']],
      checks: [`v <> ''`, { name: 'short', expression: 'length(v) < 9' }],
      indexes: [{ columns: ['v'] }],
    });
    const mending = mend(
      { tables: [parent, child] },
      { tables: [tableInput('a', { checks: [`v <> ''`], primaryKey: [] }), { ...child, foreignKeys: [] }] },
    );
    assert.deepEqual(sql(mending), [
      'ALTER TABLE IF EXISTS "public"."b" DROP CONSTRAINT IF EXISTS "b_p_fkey"',
      'DROP INDEX IF EXISTS "public"."a_v_idx"',
      'ALTER TABLE IF EXISTS "public"."a" DROP CONSTRAINT IF EXISTS "a_v_key"',
      'ALTER TABLE IF EXISTS "public"."a" DROP CONSTRAINT IF EXISTS "a_pkey"',
      'ALTER TABLE IF EXISTS "public"."a" DROP CONSTRAINT IF EXISTS "short"',
    ]);
    assert.equal(mending.dropped.length, 5);
    // Rows of `a` are matched by another key from now on.
    assert.deepEqual(
      mending.tables.map(({ after }) => after.label),
      ['public.a'],
    );
  });

  it('a key whose orphans are to be loaded after all is made anew; one whose orphans are loaded cannot set them aside', () => {
    const child = (orphans: 'report' | 'quarantine', name?: string): TableInput =>
      tableInput('b', {
        columns: [idColumn, columnInput('p', 'bigint')],
        foreignKeys: [{ ...(name === undefined ? {} : { name }), columns: ['p'], references: 'a', referencesColumns: ['id'], orphans }],
      });
    const mending = mend({ tables: [tableInput('a'), child('quarantine')] }, { tables: [tableInput('a'), child('report')] });
    assert.deepEqual(sql(mending), ['ALTER TABLE IF EXISTS "public"."b" DROP CONSTRAINT IF EXISTS "b_p_fkey"']);
    assert.deepEqual(mending.dropped, [{ kind: 'foreign-key', schema: 'public', table: 'b', name: 'b_p_fkey' }]);
    assert.deepEqual(
      problemsOf(() => mend({ tables: [tableInput('a'), child('report')] }, { tables: [tableInput('a'), child('quarantine')] })),
      ['public.b: orphans of foreign key b_p_fkey are loaded'],
    );
  });

  it('a source that is read in another way is too far, one at another path is not', () => {
    const source = (changed: object): Partial<PlanInput> => ({
      sources: { main: { kind: 'delimited', path: 'a.csv', delimiter: ',', ...changed } },
    });
    assert.deepEqual(
      problemsOf(() => mend(source({}), source({ delimiter: ';', header: false }))),
      ['source main is read with another "delimiter"', 'source main is read with another "header"'],
    );
    assert.deepEqual(mend(source({}), source({ path: '../a.csv' })).tables, []);
  });

  it('anything else is too far, and all of it is named', () => {
    const after = tableInput('a', {
      from: 'other',
      columns: [{ ...idColumn, default: { value: 1 }, identity: false }, columnInput('w', 'text')],
      uniques: [['w']],
      checks: ['w IS NOT NULL'],
    });
    assert.deepEqual(
      problemsOf(() => mend({}, { tables: [after, tableInput('b')] })),
      [
        'public.b is a new table',
        'public.a comes from another table',
        'ALTER TABLE "public"."b" ADD CONSTRAINT "b_pkey" PRIMARY KEY ("id")',
        'ALTER TABLE "public"."a" ADD CONSTRAINT "a_w_key" UNIQUE ("w")',
        'public.a: CHECK (w IS NOT NULL) is new',
        'public.a.w is a new column',
        'public.a.id has another origin, default, identity or expression',
        'public.a.v is missing',
      ],
    );
    assert.deepEqual(
      problemsOf(() => mend({ tables: [tableInput('a'), tableInput('b')] }, {})),
      ['public.b is missing'],
    );
  });
});
