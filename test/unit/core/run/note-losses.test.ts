import assert from 'node:assert/strict';
import { planSchema, type PlanInput } from '../../../../src/core/plan/plan-schema.ts';
import { compilePlan } from '../../../../src/core/plan/compile-plan.ts';
import { noteLosses } from '../../../../src/core/run/note-losses.ts';
import type { Checkpoint } from '../../../../src/core/state/checkpoint-store.ts';

const plan = planSchema.parse({
  version: 1,
  name: 'test',
  sources: { main: { kind: 'sqlite', path: 'store.db' } },
  target: { profile: 'embedded' },
  tables: [
    {
      source: 'main',
      from: 'a',
      to: 'a',
      columns: [
        { from: 'v', to: 'v', type: 'timestamptz', loss: 'rounded', accept: true, evidence: 'Julian days' },
        { from: 'w: x', to: 'w: x', type: 'bytea', loss: 'widened' },
        { from: 'u', to: 'u', type: 'text' },
      ],
    },
  ],
} satisfies PlanInput);

describe('changes of values in a result', () => {
  const tables = compilePlan(plan).tables;

  it('are added up over the ranges of a table, by column and change', () => {
    const counted = noteLosses(plan, tables, [
      checkpoint(0, { 'v: rounded': 2, 'w: x: text as bytes': 1 }),
      checkpoint(1, { 'v: rounded': 3, 'v: empty as null': 1 }),
      { ...checkpoint(2, { 'u: rounded': 9 }), table: 'public.b' },
    ]);
    assert.deepEqual(
      counted.map(({ table, column, loss, values, message }) => [table, column, loss, values, message]),
      [
        ['public.a', 'v', 'rounded', 5, '5 values were rounded, as the plan accepts'],
        ['public.a', 'w: x', 'text as bytes', 1, '1 text became the bytes of its UTF-8'],
        ['public.a', 'v', 'empty as null', 1, '1 empty text became NULL'],
      ],
    );
  });

  it('that the plan accepts and no value needed are told as none', () => {
    assert.deepEqual(
      noteLosses(plan, tables, [checkpoint(0, {})]).map(({ column, loss, values, message }) => [column, loss, values, message]),
      [
        ['v', 'rounded', 0, 'no value was changed; planned as rounded: Julian days'],
        ['w: x', 'widened', 0, 'no value was changed; planned as widened'],
      ],
    );
  });
});

function checkpoint(chunk: number, counts: Readonly<Record<string, number>>): Checkpoint {
  return {
    table: 'public.a',
    chunk,
    range: {},
    position: null,
    done: true,
    rowsRead: 10,
    rowsWritten: 10,
    rowsRejected: 0,
    bytes: 0,
    milliseconds: 0,
    counts,
    contentHash: null,
  };
}
