import assert from 'node:assert/strict';
import type { ExistingTable } from '../../../../src/core/model/existing-table.ts';
import type { CompiledTable } from '../../../../src/core/plan/compiled-plan.ts';
import { refuseTangledGroups } from '../../../../src/core/run/refuse-tangled-groups.ts';

/** A table that was there before the run; `after`: what its foreign keys refer to. */
function table(label: string, after: readonly string[] = [], circle: readonly string[] = []): CompiledTable {
  return { label, existing: { after, circle } as Partial<ExistingTable> } as CompiledTable;
}

/** A table that the run makes. */
function made(label: string): CompiledTable {
  return { label } as CompiledTable;
}

describe('groups that cannot be written as one', () => {
  const fine: readonly (readonly [what: string, groups: readonly (readonly CompiledTable[])[]])[] = [
    ['a child and its parent', [[table('talk'), table('message', ['talk'])]]],
    ['a parent outside of the documents', [[table('user')], [table('talk', ['user']), table('message', ['talk', 'user'])]]],
    ['one table of a circle by itself', [[table('a', ['b'], ['a', 'b'])], [table('b', ['a'], ['a', 'b'])]]],
    ['tables that the run makes', [[made('talk'), made('message')]]],
    [
      'a chain of groups',
      [
        [table('a'), table('b', ['a'])],
        [table('c', ['b']), table('d', ['c'])],
      ],
    ],
  ];
  for (const [what, groups] of fine) it(`${what} can`, () => assert.doesNotThrow(() => refuseTangledGroups(groups)));

  const tangled: readonly (readonly [what: string, groups: readonly (readonly CompiledTable[])[]])[] = [
    ['tables in a circle', [[table('talk', ['message'], ['talk', 'message']), table('message', ['talk'], ['talk', 'message'])]]],
    [
      'a circle with a table outside',
      [[table('talk', ['user'], ['talk', 'user']), table('message')], [table('user', ['talk'], ['talk', 'user'])]],
    ],
    ['a way by a table outside', [[table('talk'), table('message', ['tag'])], [table('tag', ['talk'])]]],
    ['a way by two groups', [[table('a'), table('b', ['c'])], [table('c'), table('d', ['e'])], [table('e', ['a'])]]],
  ];
  for (const [what, groups] of tangled)
    it(`${what} cannot`, () => assert.throws(() => refuseTangledGroups(groups), { code: 'unsupported-plan-feature' }));
});
