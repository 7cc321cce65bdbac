import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compilePlan } from '../../src/core/plan/compile-plan.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import { readPlan } from '../../src/core/plan/read-plan.ts';
import { axisOf, pointText, rangeLabel, rangeOf, type PartitionAxis } from '../../src/core/plan/partitions/partition-axis.ts';
import { parseStep, type PartitionStep } from '../../src/core/plan/partitions/partition-step.ts';
import { parsePgType } from '../../src/core/sql/pg-type.ts';
import { describeOnTargets } from '../helpers/target-harness.ts';

/** Values around a place, so that some of them are at the bounds of partitions. */
interface Case {
  readonly type: string;
  readonly every: string;
  readonly points: readonly bigint[];
}

const hour = 3_600_000_000n;
/** Greatest distance of two values, in points, that gives some dozens of partitions at most. */
const reach: Readonly<Record<string, bigint>> = {
  smallint: 5_000n,
  integer: 5_000n,
  bigint: 5_000n,
  date: 900n,
  timestamp: 900n * 24n * hour,
  timestamptz: 900n * 24n * hour,
};

const cases: fc.Arbitrary<Case> = fc.constantFrom(...Object.keys(reach)).chain((type) => {
  const { first, last, unit } = axisOf(parsePgType(type)) as PartitionAxis;
  const spread = reach[type] as bigint;
  const steps =
    unit === 'number'
      ? fc.integer({ min: 100, max: 9_999 }).map(String)
      : fc.constantFrom('1 year', '1 month', '2 quarters', '3 weeks', '40 days', ...(unit === 'micros' ? ['480 hours'] : []));
  const places = fc.oneof(fc.bigInt({ min: first, max: last - spread }), fc.constantFrom(first, last - spread, -1n));
  // Whole days among them, where bounds are.
  const scale = unit === 'micros' ? 24n * hour : 1n;
  const offsets = fc.oneof(
    fc.bigInt({ min: 0n, max: spread }),
    fc.bigInt({ min: 0n, max: spread / scale }).map((n) => n * scale),
  );
  return fc.record({
    type: fc.constant(type),
    every: steps,
    points: fc
      .tuple(places, fc.array(offsets, { minLength: 1, maxLength: 12 }))
      .map(([place, list]) => list.map((offset) => place + offset)),
  });
});

function planOf({ type, every }: Case): PlanInput {
  return {
    version: 1,
    name: 'x',
    sources: { main: { kind: 'sqlite', path: 'x.db' } },
    target: { profile: 'embedded', schema: 'bounds' },
    tables: [
      {
        source: 'main',
        from: 't',
        to: 't',
        columns: [{ from: 'v', to: 'v', type }],
        partitionBy: { strategy: 'range', column: 'v', every, default: false },
      },
    ],
  };
}

/** A value as PostgreSQL reads it, microseconds included. */
function valueText(axis: PartitionAxis, point: bigint): string {
  if (axis.unit !== 'micros') return pointText(axis, point);
  const second = 1_000_000n;
  const micros = ((point % second) + second) % second;
  return pointText(axis, point - micros).replace(/(\+00)?$/, `.${String(micros).padStart(6, '0')}$1`);
}

describeOnTargets('bounds of partitions', (target) => {
  it('PostgreSQL makes them all, and puts each value into the one that it is reckoned to be in', async function () {
    this.timeout(240_000);
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const axis = axisOf(parsePgType(one.type)) as PartitionAxis;
        const step = parseStep(one.every) as PartitionStep;
        const sorted = one.points.toSorted((a, b) => (a < b ? -1 : 1));
        const data = { first: String(sorted[0]), last: String(sorted.at(-1)) };
        const { preData } = compilePlan(readPlan(JSON.stringify(planOf(one)), { path: 'x' }), { partitions: { 'bounds.t': data } });
        await target().query(`DROP SCHEMA IF EXISTS bounds CASCADE; ${preData.map(({ sql }) => sql).join(';\n')}`);
        // Another zone and another order of days must not matter to what was written.
        const values = sorted.map((point) => valueText(axis, point));
        const { rows } = await target().query(
          `WITH added AS (INSERT INTO bounds.t SELECT v::${one.type} FROM unnest($1::text[]) WITH ORDINALITY AS given (v, i) ORDER BY i RETURNING tableoid::regclass::text AS home, v)
           SELECT home FROM added ORDER BY v`,
          [values],
        );
        const homes = sorted.map((point) => `bounds.t_${rangeLabel(axis, step, rangeOf(axis, step, point))}`);
        assert.deepEqual(
          rows.map((row) => String(row['home'])),
          homes,
        );
      }),
      { numRuns: 25 },
    );
  });
});
