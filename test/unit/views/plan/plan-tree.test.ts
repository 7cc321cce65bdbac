import assert from 'node:assert/strict';
import type { Uri } from 'vscode';
import type { SchemaChange, SchemaDiffResult } from '../../../../src/core/model/schema-diff.ts';
import { validatePlan } from '../../../../src/core/plan/validate-plan.ts';
import { placeOf } from '../../../../src/editors/language/place-of.ts';
import { outlinePlan } from '../../../../src/editors/language/plan-outline.ts';
import type { PlanState } from '../../../../src/host/host.ts';
import { notLoaded, nowLoaded, nowLoading } from '../../../../src/host/loaded.ts';
import { countChanges } from '../../../../src/views/plan/count-changes.ts';
import { PlanTree } from '../../../../src/views/plan/plan-tree.ts';
import type { SluiceNode } from '../../../../src/views/nodes.ts';
import { planText, shopFacts } from '../../editors/plan-text.ts';

const t = (message: string, ...values: (string | number)[]): string =>
  message.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)]));
const uri = { path: '/work/shop.sluice.json', toString: () => 'file:///work/shop.sluice.json' } as unknown as Uri;
const stateOf = (text: string, changed: Partial<PlanState> = {}): PlanState => ({
  uri,
  text,
  ...validatePlan(text),
  stale: null,
  diff: notLoaded(),
  ...changed,
});
const change = (kind: SchemaChange['kind'], name: string, after: string | null = null): SchemaChange => ({
  kind,
  name,
  table: null,
  before: null,
  after,
});

describe('PlanTree', () => {
  let state: PlanState | null;
  let tree: PlanTree;
  beforeEach(() => {
    state = null;
    tree = new PlanTree({ state: () => state, facts: () => shopFacts, t });
  });
  /** "label | description", children indented. */
  const drawn = (node?: SluiceNode, indent = ''): readonly string[] =>
    tree.children(node).flatMap((child) => {
      const { label, description = '' } = tree.item(child);
      return [`${indent}${label} | ${description}`, ...drawn(child, `${indent}  `)];
    });

  it('is empty without a plan', () => assert.deepEqual([drawn(), tree.message()], [[], '']));

  it('shows tables, what to know about them, and their columns', () => {
    const column = '{ "from": "score", "to": "points", "type": "numeric(3,2)", "loss": "rounded", "expectedRejects": 12 }';
    const notes =
      ' "notes": ["people: Column score: up to 12 values do not fit numeric(3,2) and will be rejected.", "people: WITHOUT ROWID", "View v is not carried over."],';
    state = stateOf(planText({ column, head: notes }));
    assert.deepEqual(drawn(), [
      'orgs | 1 column',
      '  id | bigint',
      'people | 31,408 rows · 1 loss to accept · 12 rejects expected',
      '  points is rounded as numeric(3,2) | not accepted',
      '  points does not fit numeric(3,2) | 12 values',
      '  WITHOUT ROWID | ',
      '  id | INTEGER → bigint',
      '  org_id | INTEGER → bigint',
      '  points | score REAL → numeric(3,2)',
      'Compare with the target | ',
      'View v is not carried over. | ',
    ]);
    const [orgs, people] = tree.children(undefined).map((node) => tree.item(node));
    assert.deepEqual([orgs?.checked, orgs?.icon, people?.icon?.color], [true, { id: 'table' }, 'list.warningForeground']);
  });

  it('shows what is left out', () => {
    state = stateOf(planText().replace('"to": "orgs",', '"to": "orgs", "include": false,'));
    const item = tree.item(tree.children(undefined)[0]!);
    assert.deepEqual([item.checked, item.description, item.context], [false, 'left out', 'plan-table']);
  });

  it('shows the changes of the last comparison', () => {
    const diff = { adds: [change('table', 'public.people', 'CREATE TABLE …')], alters: [], deletes: [change('index', 'public.old.i')] };
    state = stateOf(planText(), { diff: nowLoaded(diff as unknown as SchemaDiffResult) });
    assert.deepEqual(drawn().slice(6), [
      'Adds | 1 table',
      '  public.people | table',
      'Alters | none',
      'Deletes | 1 index (told only, never done)',
      '  public.old.i | index',
    ]);
    state = stateOf(planText(), { diff: nowLoading(notLoaded()) });
    assert.equal(drawn().at(-1), 'Comparing with the target… | ');
    const error = { code: 'x', kind: 'terminal', message: 'No server.', remedy: 'Start it.', context: {} } as const;
    state = stateOf(planText(), { diff: { value: null, loading: false, error } });
    assert.equal(drawn().at(-1), 'No server. | ');
  });

  it('keeps the last plan while its text is broken, and lists the errors of a text that never was one', () => {
    state = stateOf(planText());
    const before = drawn();
    state = stateOf(planText().slice(0, -6));
    assert.deepEqual([drawn(), tree.message()], [before, '1 error in the plan file. See Problems.']);
    tree = new PlanTree({ state: () => state, facts: () => shopFacts, t });
    assert.match(drawn()[0]!, /^This is not valid JSON/);
    assert.deepEqual(tree.item(tree.children(undefined)[0]!).path, []);
  });

  it('says why the plan no longer fits', () => {
    state = stateOf(planText(), { stale: 'It changed.' });
    assert.equal(tree.message(), 'It changed.');
  });

  it('knows where things stand in the file', () => {
    const text = planText();
    state = stateOf(text);
    const people = tree.children(undefined)[1]!;
    const column = tree.children(people).at(-1)!;
    const { start, end } = placeOf(text, outlinePlan(text).root, tree.item(column).path!);
    assert.equal(text.split('\n')[start.line]!.slice(start.column, end.column), '{ "from": "score", "to": "score", "type": "real" }');
    assert.deepEqual(placeOf(text, undefined, ['x']).start, { line: 0, column: 0 });
  });
});

describe('countChanges', () => {
  it('counts what new tables bring', () => {
    const ddl =
      'CREATE TABLE a (\n  "id" bigint,\n  CONSTRAINT "a_pkey" PRIMARY KEY (id),\n  CONSTRAINT c CHECK (id > 0)\n);\nCREATE INDEX i ON a (id);\nCREATE UNIQUE INDEX j ON a (id);\n';
    const changes = [
      change('table', 'public.a', ddl),
      change('table', 'public.b', ''),
      change('foreign-key', 'f'),
      change('extension', 'vector'),
    ];
    assert.equal(countChanges(changes, t), '2 tables · 2 indexes · 2 keys · 1 other');
    assert.equal(countChanges([], t), 'none');
  });
});
