import assert from 'node:assert/strict';
import { planHash } from '../../../../src/core/plan/plan-hash.ts';
import type { PlanInput } from '../../../../src/core/plan/plan-schema.ts';
import { columnInput, planInput, tableInput } from './plan-input.ts';

describe('planHash', () => {
  const hash = planHash(planInput());
  const column = (changed: object): PlanInput =>
    planInput({
      tables: [
        tableInput('a', { columns: [columnInput('id', 'bigint', { identity: true, nullable: false }), columnInput('v', 'text', changed)] }),
      ],
    });

  it('is a SHA-256 in hex', () => assert.match(hash, /^[0-9a-f]{64}$/));

  const same: readonly (readonly [string, PlanInput])[] = [
    ['a default written out', planInput({ options: { mode: 'create' }, parity: [] })],
    ['evidence', column({ evidence: 'all texts' })],
    ['notes', planInput({ notes: ['a note'] })],
    ['madeFrom', planInput({ madeFrom: { sources: { main: { fingerprint: 'f', profiled: 'full' } }, targetHash: 't' } })],
    ['$schema', planInput({ $schema: './plan.schema.json' })],
    ['the order of keys', Object.fromEntries(Object.entries(planInput()).toReversed()) as PlanInput],
  ];
  for (const [title, plan] of same) it(`does not change with ${title}`, () => assert.equal(planHash(plan), hash));

  it('does not change with the evidence of an index', () => {
    const index = (changed: object): PlanInput => planInput({ tables: [tableInput('a', { indexes: [{ columns: ['v'], ...changed }] })] });
    assert.equal(planHash(index({ evidence: 'few rows' })), planHash(index({})));
    assert.notEqual(planHash(index({ method: 'hash' })), planHash(index({})));
  });

  const other: readonly (readonly [string, PlanInput])[] = [
    ['the schema', planInput({ target: { profile: 'embedded', schema: 'x' } })],
    ['an option', planInput({ options: { emptyText: 'keep' } })],
    ['a type', column({ type: 'varchar(9)' })],
    ['accept', column({ accept: true })],
    ['a table left out', planInput({ tables: [tableInput('a', { include: false })] })],
  ];
  for (const [title, plan] of other) it(`changes with ${title}`, () => assert.notEqual(planHash(plan), hash));
});
