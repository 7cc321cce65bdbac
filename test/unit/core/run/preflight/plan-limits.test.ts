import assert from 'node:assert/strict';
import { compilePlan } from '../../../../../src/core/plan/compile-plan.ts';
import { planSchema, type PlanInput } from '../../../../../src/core/plan/plan-schema.ts';
import { refuseErrors, type Found } from '../../../../../src/core/run/preflight/finding.ts';
import { checkPlanLimits } from '../../../../../src/core/run/preflight/plan-limits.ts';
import { MigrationError } from '../../../../../src/core/errors.ts';

type Table = PlanInput['tables'][number];

function findings(table: Omit<Table, 'source' | 'from' | 'to'>): readonly Found[] {
  const plan = planSchema.parse({
    version: 1,
    name: 'wide',
    sources: { main: { kind: 'sqlite', path: 'wide.db' } },
    target: { profile: 'embedded' },
    tables: [{ source: 'main', from: 't', to: 't', ...table }],
  });
  return checkPlanLimits(plan, compilePlan(plan));
}

function columns(count: number, type: string, nullable = true): NonNullable<Table['columns']> {
  return Array.from({ length: count }, (_, i) => ({ from: `c${i}`, to: `c${i}`, type, nullable }));
}

const told = (found: readonly Found[]): readonly string[] => found.map(({ severity, error }) => `${severity} ${error.code}`);

describe('limits of PostgreSQL that a plan can break', () => {
  const cases: readonly (readonly [what: string, table: Omit<Table, 'source' | 'from' | 'to'>, expected: readonly string[]])[] = [
    ['1,600 columns', { columns: columns(1_600, 'boolean') }, []],
    ['S43 1,601 columns', { columns: columns(1_601, 'boolean') }, ['error too-many-columns']],
    [
      'S22 1,600 columns and one for full-text search',
      { columns: columns(1_600, 'text'), fullText: { column: 'search', from: ['c0'] } },
      ['error too-many-columns'],
    ],
    [
      'S22 1,017 bigints that are never NULL and a column for full-text search',
      { columns: [...columns(1_017, 'bigint', false), { from: 't', to: 't', type: 'text' }], fullText: { column: 'search', from: ['t'] } },
      ['error row-too-wide'],
    ],
    ['1,017 bigints that are never NULL fill a page', { columns: columns(1_017, 'bigint', false) }, []],
    ['S43 1,018 bigints that are never NULL', { columns: columns(1_018, 'bigint', false) }, ['error row-too-wide']],
    ['1,018 bigints that may be NULL depend on the rows', { columns: columns(1_018, 'bigint') }, []],
    ['a key of 32 columns', { columns: columns(32, 'integer'), uniques: [columns(32, 'integer').map(({ to }) => to)] }, []],
    [
      'a key and an index of 33 columns',
      {
        columns: columns(33, 'integer'),
        uniques: [columns(33, 'integer').map(({ to }) => to)],
        indexes: [{ columns: columns(33, 'integer').map(({ to }) => to) }],
      },
      ['error too-many-key-columns', 'error too-many-key-columns'],
    ],
    [
      '65 indexes',
      { columns: columns(65, 'integer'), indexes: columns(65, 'integer').map(({ to }) => ({ columns: [to] })) },
      ['warning many-indexes'],
    ],
  ];
  for (const [what, table, expected] of cases) it(what, () => assert.deepEqual(told(findings(table)), expected));

  it('leaves out tables that are not part of the run', () => {
    const plan = planSchema.parse({
      version: 1,
      name: 'two',
      sources: { main: { kind: 'sqlite', path: 'two.db' } },
      target: { profile: 'embedded' },
      tables: [
        { source: 'main', from: 'a', to: 'a', columns: columns(1, 'text') },
        { source: 'main', from: 'b', to: 'b', columns: columns(1_700, 'text') },
      ],
    });
    assert.deepEqual(checkPlanLimits(plan, compilePlan(plan, { only: ['a'] })), []);
  });

  it('are told all at once; the first decides code and remedy', () => {
    const found = findings({ columns: columns(1_700, 'bigint', false) });
    assert.throws(
      () => refuseErrors(found),
      (error) => {
        assert.ok(error instanceof MigrationError);
        assert.equal(error.code, 'too-many-columns');
        assert.match(
          error.message,
          /1700 columns.*\n {2}Also: Every row of public\.t would take at least 13624 bytes.* Choose smaller types/,
        );
        assert.equal(error.context.also?.length, 1);
        return true;
      },
    );
  });

  it('warnings alone refuse nothing', () => {
    refuseErrors(findings({ columns: columns(65, 'integer'), indexes: columns(65, 'integer').map(({ to }) => ({ columns: [to] })) }));
  });
});
