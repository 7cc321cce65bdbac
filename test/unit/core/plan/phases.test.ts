import assert from 'node:assert/strict';
import { MigrationError } from '../../../../src/core/errors.ts';
import { compilePlan, type CompileOverrides } from '../../../../src/core/plan/compile-plan.ts';
import type { CompiledPlan } from '../../../../src/core/plan/compiled-plan.ts';
import { readPlan } from '../../../../src/core/plan/read-plan.ts';

const id = { from: 'id', to: 'id', type: 'bigint', nullable: false };
const parent = { columns: ['id'], references: 'parent', referencesColumns: ['id'] };
const text = JSON.stringify({
  version: 1,
  name: 'p',
  sources: { a: { kind: 'sqlite', path: 'a.db' }, b: { kind: 'duckdb', path: 'b.duckdb' } },
  target: { profile: 'embedded' },
  enums: [{ name: 'mood', values: ['good'] }],
  sequences: [{ name: 'numbers' }],
  tables: [
    {
      source: 'b',
      from: 'item',
      to: 'child',
      columns: [id, { from: 'm', to: 'm', type: 'mood' }],
      primaryKey: ['id'],
      foreignKeys: [parent],
    },
    { source: 'a', from: 'item', to: 'item', columns: [id], primaryKey: ['id'] },
    { source: 'a', from: 'parent', to: 'parent', columns: [id, { from: 'm', to: 'm', type: 'mood' }], primaryKey: ['id'] },
  ],
  targetOnly: [{ to: 'state', columns: [{ ...id, from: undefined }], primaryKey: ['id'], foreignKeys: [parent] }],
});
const compile = (overrides: CompileOverrides): CompiledPlan => compilePlan(readPlan(text, { path: 'p' }), overrides);
const kinds = ({ preData, postData }: CompiledPlan): readonly string[] =>
  [...preData, ...postData].flatMap(({ object }) => (object === null ? [] : [`${object.kind} ${object.name}`]));

describe('some tables of a plan', () => {
  it('have no key to a table that is neither among them nor in the target, and say so', () => {
    const alone = compile({ only: ['child', 'state'] });
    assert.ok(!kinds(alone).some((kind) => kind.startsWith('foreign-key')));
    assert.deepEqual(
      alone.leftOut.map(({ code, table }) => [code, table]),
      [
        ['key-left-out', 'public.child'],
        ['key-left-out', 'public.state'],
      ],
    );
    assert.deepEqual(alone.parents, []);
  });

  it('have their keys to tables that an earlier run left there, and make no type or sequence twice', () => {
    const later = compile({ only: ['child', 'state'], earlier: ['public.parent', 'public.mood', 'public.numbers'] });
    assert.deepEqual(kinds(later), [
      'table child',
      'table state',
      'primary-key child_pkey',
      'primary-key state_pkey',
      'foreign-key child_id_fkey',
      'foreign-key state_id_fkey',
    ]);
    assert.deepEqual([later.leftOut, later.parents], [[], [{ schema: 'public', table: 'parent' }]]);
    assert.deepEqual(
      later.tables[0]?.foreignKeys.map(({ name }) => name),
      ['child_id_fkey'],
    );
  });

  it('need no table outside when all are run, those without a source included', () => {
    const all = compile({});
    assert.deepEqual([all.parents, all.leftOut], [[], []]);
    assert.deepEqual(
      all.tables.map(({ label }) => label),
      ['public.parent', 'public.child', 'public.item'],
    );
  });

  for (const [name, labels] of [
    ['item', ['public.item']],
    ['b.item', ['public.child']],
    ['public.parent', ['public.parent']],
    ['state', []],
  ] as const) {
    it(`${name} names ${labels.join() || 'a table without rows of a source'}`, () => {
      assert.deepEqual(
        compile({ only: [name] }).tables.map(({ label }) => label),
        labels,
      );
    });
  }

  it('that the plan does not have are bad usage', () => {
    assert.throws(
      () => compile({ only: ['c.item'] }),
      (error) => error instanceof MigrationError && error.code === 'bad-usage',
    );
  });
});
