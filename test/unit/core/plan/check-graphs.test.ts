import assert from 'node:assert/strict';
import type { CatalogTable } from '../../../../src/core/model/catalog.ts';
import { compilePlan } from '../../../../src/core/plan/compile-plan.ts';
import { planMigration } from '../../../../src/core/plan/plan-migration.ts';
import { planSchema, type PlanInput } from '../../../../src/core/plan/plan-schema.ts';
import { validatePlan } from '../../../../src/core/plan/validate-plan.ts';

type Table = PlanInput['tables'][number];
type Column = NonNullable<Table['columns']>[number];

const column = (from: Column['from'], to = 'v', type = 'uuid'): Column => ({ from: from ?? null, to, type });

function planOf(...tables: readonly Partial<Table>[]): PlanInput {
  return {
    version: 1,
    name: 'dira',
    sources: { session: { kind: 'jac', path: 'main.session' }, other: { kind: 'sqlite', path: 'other.db' } },
    target: { profile: 'embedded' },
    tables: tables.map((table, i) => ({
      source: 'session',
      from: { node: 'Report' },
      to: `t${i}`,
      columns: [column('id', 'id')],
      ...table,
    })),
  };
}

function problems(plan: PlanInput): readonly string[] {
  return validatePlan(JSON.stringify(plan)).problems.map(({ message, path }) => `${path.join('.')}: ${message}`);
}

describe('graphs in a plan', () => {
  it('compile to the names of the source', () => {
    const plan = planOf(
      {
        columns: [
          column('id', 'id'),
          column({ edge: { edge: 'filed', source: 'Reporter', target: 'Report' }, end: 'source' }, 'reporter_id'),
        ],
      },
      {
        from: { edge: 'routed_to', source: 'Report', target: 'Organisation' },
        columns: [column('source_id', 'report_id'), column('fields.id', 'own_id')],
      },
      { from: { edge: 'about' } },
      { from: { object: 'Note' } },
      { from: { graph: 'anchors' } },
      { from: 'node Report', columns: [column({ edge: 'filed', end: 'target' })] },
    );
    assert.deepEqual(problems(plan), []);
    assert.deepEqual(
      compilePlan(planSchema.parse(plan)).tables.map(({ from, columns }) => [from, ...columns.map((one) => one.from)]),
      [
        ['node Report', 'id', 'source of edge filed Reporter Report'],
        ['edge routed_to Report Organisation', 'source_id', 'fields.id'],
        ['edge about ? ?', 'id'],
        ['object Note', 'id'],
        ['anchors', 'id'],
        ['node Report', 'target of edge filed ? ?'],
      ],
    );
  });

  const wrong: readonly (readonly [string, Partial<Table>, RegExp])[] = [
    ['nodes of a source that is no graph', { source: 'other' }, /^tables\.0\.from: The source "other" is no graph/],
    ['a table of a graph by a name that is none', { from: 'Report' }, /^tables\.0\.from: The source "session" is a graph; write/],
    ['documents of a graph', { from: { files: '*' } }, /^tables\.0\.from: The source "session" is a graph/],
    [
      'a place in a document',
      { columns: [column({ parent: '/id' })] },
      /^tables\.0\.columns\.0\.from: \{ "parent" \} is for tables that come from doc/,
    ],
    ['a record as a whole', { columns: [column('')] }, /^tables\.0\.columns\.0\.from: Only a document is read as a whole/],
    ['an end of a node', { columns: [column('source_id')] }, /^tables\.0\.columns\.0\.from: Only an edge has "source_id"/],
    ['a node as an edge', { columns: [column({ edge: { node: 'Report' }, end: 'source' })] }, /"edge" is the name of a class of edges/],
    [
      'an edge of somebody else',
      { columns: [column({ edge: { edge: 'e', source: 'A', target: 'B' }, end: 'source' })] },
      /their target is a B, and the row a Report/,
    ],
    ['an edge of an edge', { from: { edge: 'e' }, columns: [column({ edge: 'e', end: 'source' })] }, /Only a node has edges/],
    [
      'an edge of a plain table',
      { source: 'other', from: 'reports', columns: [column({ edge: 'e', end: 'source' })] },
      /The source "other" has no edges/,
    ],
  ];
  for (const [title, table, message] of wrong) it(`finds ${title}`, () => assert.match(problems(planOf(table)).join('\n'), message));

  it('are proposed as nodes and edges, and what is optional is left out until a person says otherwise', () => {
    const tables = [catalogTable('node Report', 'Report'), { ...catalogTable('anchors', 'anchors'), optional: true as const }];
    const profiles = tables.map(({ name }) => ({ table: name, rows: 0, sample: null, columns: [] }));
    const catalog = { tables, views: [], triggers: [], skipped: [] };
    const { plan } = planMigration({
      name: 'dira',
      sources: { session: { kind: 'jac', path: 'main.session', fingerprint: 'f', profiled: 'full', catalog, profiles } },
      target: { profile: 'embedded', schema: 'public' },
      options: {},
    });
    assert.deepEqual(
      plan.tables.map(({ from, to, include }) => [from, to, include]),
      [
        [{ node: 'Report' }, 'Report', undefined],
        [{ graph: 'anchors' }, 'anchors', false],
      ],
    );
  });
});

function catalogTable(name: string, bareName: string): CatalogTable {
  const rest = {
    schema: null,
    columns: [],
    primaryKey: [],
    uniques: [],
    checks: [],
    foreignKeys: [],
    indexes: [],
    nextIdentity: null,
    rows: 0,
  };
  return { name, bareName, ...rest, notes: [], graph: true };
}
