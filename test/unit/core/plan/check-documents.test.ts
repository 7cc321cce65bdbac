import assert from 'node:assert/strict';
import { compilePlan } from '../../../../src/core/plan/compile-plan.ts';
import { planSchema, type PlanInput } from '../../../../src/core/plan/plan-schema.ts';
import { validatePlan } from '../../../../src/core/plan/validate-plan.ts';
import { goldenPlan } from './golden-plans.ts';

type Table = PlanInput['tables'][number];

const messages: Table = {
  source: 'tree',
  from: { files: 'data/*/*.json', path: '$.messages', as: 'child', parent: 'conversations', ordinal: 'position' },
  to: 'messages',
  columns: [
    { from: { parent: '/id' }, to: 'conversation_id', type: 'text' },
    { to: 'position', type: 'integer', nullable: false },
    { from: '', to: 'whole', type: 'jsonb' },
    { from: { path: 'user_id' }, to: 'user_id', type: 'text' },
    { from: '#file', to: 'file', type: 'text' },
    { to: 'seen_at', type: 'timestamptz', default: { sql: 'now()' } },
  ],
};

function planOf(child: Partial<Table>, besides: readonly Table[] = []): PlanInput {
  return {
    version: 1,
    name: 'council',
    sources: { tree: { kind: 'json', path: 'data', pattern: 'data/{user_id}/{id}.json' }, other: { kind: 'json', path: 'other' } },
    target: { profile: 'embedded' },
    tables: [
      {
        source: 'tree',
        from: { files: 'data/*/*.json', path: '$' },
        to: 'conversations',
        columns: [{ from: '/id', to: 'id', type: 'text' }],
      },
      ...besides,
      { ...messages, ...child },
    ],
  };
}

function problems(plan: PlanInput): readonly string[] {
  return validatePlan(JSON.stringify(plan)).problems.map(({ message, path }) => `${path.join('.')}: ${message}`);
}

describe('documents in a plan', () => {
  it('compile to the names of the source', () => {
    const plan = planOf({});
    assert.deepEqual(problems(plan), []);
    const [conversations, children] = compilePlan(planSchema.parse(plan)).tables;
    assert.equal(conversations?.from, 'data/*/*.json $');
    assert.equal(children?.from, 'data/*/*.json $.messages[*]');
    assert.deepEqual(
      children?.columns.map(({ from, to }) => `${to} ← ${from}`),
      ['conversation_id ← ^/id', 'position ← #position', 'whole ← ', 'user_id ← {user_id}', 'file ← #file'],
    );
  });

  it('a plan may give the names of the source themselves', () => {
    const plan = planOf({ from: 'data/*/*.json $.messages[*]', columns: [{ from: '/role', to: 'role', type: 'text' }] });
    assert.deepEqual(problems(plan), []);
    assert.equal(compilePlan(planSchema.parse(plan)).tables[1]?.from, 'data/*/*.json $.messages[*]');
  });

  it('entries of a map have their key as a column', () => {
    const { tables } = compilePlan(planSchema.parse(validatePlan(goldenPlan('rca')).plan));
    const terms = tables.find(({ label }) => label === 'rca.knowledge_terms');
    assert.equal(terms?.from, 'metadata/knowledge_base.json $.terms.*');
    assert.deepEqual(
      terms.columns.map(({ from, to }) => `${to} ← ${from}`),
      ['term ← #key', 'definition ← /definition', 'category ← /category', 'aliases ← /aliases'],
    );
  });

  const column = (from: unknown): Partial<Table> => ({
    from: { files: 'data/*/*.json', path: '$.messages' },
    columns: [{ from, to: 'c', type: 'text' } as never],
  });
  const wrong: readonly (readonly [what: string, plan: PlanInput, problem: RegExp])[] = [
    ['a path that is none', planOf({ from: { files: 'x', path: 'messages' } }), /^tables\.1\.from\.path: "messages" is not a path/],
    ['as jsonb', planOf({ from: { files: 'x', path: '$.m', as: 'jsonb' } }), /^tables\.1\.from\.as: "as": "jsonb" makes no rows/],
    [
      'a parent that is not there',
      planOf({ from: { files: 'x', path: '$.m', parent: 'talks' } }),
      /^tables\.1\.from\.parent: There is no table "talks"/,
    ],
    [
      'a parent of other files',
      planOf({ from: { files: 'x', path: '$.m', parent: 'conversations' } }),
      /^tables\.1\.from\.parent: .*other files/,
    ],
    ['a parent of another source', planOf({ ...messages, source: 'other' }), /^tables\.1\.from\.parent: .*other files/],
    [
      'a key column that is not there',
      planOf({ from: { files: 'x', path: '$.m', as: 'rows-of-map', keyColumn: 'k' } }),
      /^tables\.1\.from\.keyColumn: The table has no column "k"/,
    ],
    [
      'an ordinal that is read from elsewhere',
      planOf({ from: { files: 'x', path: '$.m', ordinal: 'whole' } }),
      /^tables\.1\.from\.ordinal: The column "whole" is read/,
    ],
    [
      'a position in documents',
      planOf({ from: { files: 'x', path: '$', ordinal: 'position' } }),
      /^tables\.1\.from\.ordinal: only the elements/,
    ],
    ['a name instead of a pointer', planOf(column('title')), /^tables\.1\.columns\.0\.from: "title" is not a place/],
    ['a key of an array', planOf(column({ key: true })), /^tables\.1\.columns\.0\.from: Only the entries of a map/],
    [
      'a segment that the pattern lacks',
      planOf(column({ path: 'user' })),
      /^tables\.1\.columns\.0\.from: The pattern of the source "tree" names no segment \{user\}/,
    ],
    ['an edge', planOf(column({ edge: 'e', end: 'source' })), /^tables\.1\.columns\.0\.from: edges are read from graphs/],
    [
      'a document above documents',
      planOf({ from: { files: 'x', path: '$' }, columns: [{ from: { parent: '/id' }, to: 'c', type: 'text' }] }),
      /^tables\.1\.columns\.0\.from: Each row is a document itself/,
    ],
    [
      'a pointer in a plain table',
      planOf({ from: 'talk', columns: [{ from: { parent: '/id' }, to: 'c', type: 'text' }] }),
      /^tables\.1\.columns\.0\.from: \{ "parent" \} is for tables that come from documents/,
    ],
    [
      'no column of a plain table',
      planOf({ from: 'talk', columns: [{ from: '', to: 'c', type: 'text' }] }),
      /^tables\.1\.columns\.0\.from: Only a document/,
    ],
  ];
  for (const [what, plan, problem] of wrong) it(`${what} is told at its place`, () => assert.match(problems(plan).join('\n'), problem));

  it('a column that is never NULL and filled from the position is in order', () => {
    assert.deepEqual(problems(planOf({})), []);
  });
});
