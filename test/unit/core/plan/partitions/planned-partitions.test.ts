import assert from 'node:assert/strict';
import { compilePlan } from '../../../../../src/core/plan/compile-plan.ts';
import type { PlanInput } from '../../../../../src/core/plan/plan-schema.ts';
import { readPlan } from '../../../../../src/core/plan/read-plan.ts';
import { renderSqlScript } from '../../../../../src/core/plan/render-sql-script.ts';

type TableInput = PlanInput['tables'][number];

const byYear = { strategy: 'range', column: 'day', every: '1 year' } as const;

function planOf(...tables: readonly (Partial<TableInput> & { readonly to: string })[]): ReturnType<typeof readPlan> {
  const whole = tables.map((table): TableInput => ({
    source: 'main',
    from: table.to,
    columns: [{ from: 'day', to: 'day', type: 'date' }],
    ...table,
  }));
  const plan: PlanInput = {
    version: 1,
    name: 'x',
    sources: { main: { kind: 'sqlite', path: 'x.db' } },
    target: { profile: 'embedded' },
    tables: whole,
  };
  return readPlan(JSON.stringify(plan), { path: 'x' });
}

/** 2023-12-31 and 2024-01-01. */
const newYear = { first: '8765', last: '8766' };

function names(plan: ReturnType<typeof readPlan>, partitions: Parameters<typeof compilePlan>[1]): readonly string[] {
  return compilePlan(plan, partitions).preData.flatMap(({ object }) => (object?.kind === 'partition' ? [object.name] : []));
}

describe('names of partitions', () => {
  it('end in what tells them apart, the default one last', () =>
    assert.deepEqual(names(planOf({ to: 'a', partitionBy: byYear }), { partitions: { 'public.a': newYear } }), [
      'a_2023',
      'a_2024',
      'a_default',
    ]));

  it('give way to a table of the plan and to each other, the same each time', () => {
    const plan = planOf({ to: 'a', partitionBy: byYear }, { to: 'a_2024' }, { to: 'a_2023' });
    const found = names(plan, { partitions: { 'public.a': newYear } });
    assert.match(found.join(' '), /^a_2023_[\da-f]{8} a_2024_[\da-f]{8} a_default$/);
    assert.deepEqual(names(plan, { partitions: { 'public.a': newYear } }), found);
  });

  it('have at most 63 bytes, and stay different', () => {
    const long = 'ä'.repeat(31);
    const found = names(planOf({ to: long, partitionBy: byYear }), { partitions: { [`public.${long}`]: newYear } });
    assert.ok(found.every((name) => Buffer.byteLength(name) <= 63));
    assert.equal(new Set(found).size, 3);
  });
});

describe('a plan whose range nobody knows yet', () => {
  const plan = planOf({ to: 'a', partitionBy: byYear });

  it('has its default partition, and the script says which others a run makes', () => {
    assert.deepEqual(names(plan, {}), ['a_default']);
    assert.match(
      renderSqlScript(plan, compilePlan(plan)),
      /-- hazard partitions-by-data: A run makes the partitions of public\.a, one for each 1 year of day, from the smallest value of the source to the largest\.\nCREATE TABLE "public"\."a" \(\n {2}"day" date\n\) PARTITION BY RANGE \("day"\);/,
    );
  });

  it('needs none when the plan says from where to where', () => {
    const bounded = planOf({ to: 'a', partitionBy: { ...byYear, from: '2023-06-01', to: '2025-01-01', default: false } });
    assert.deepEqual(names(bounded, {}), ['a_2023', 'a_2024']);
  });

  it('makes no more than 10,000', () =>
    assert.deepEqual(
      names(planOf({ to: 'a', partitionBy: { ...byYear, every: '1 day' } }), {
        partitions: { 'public.a': { first: '-700000', last: '0' } },
      }),
      ['a_default'],
    ));
});
