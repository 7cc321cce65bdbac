import assert from 'node:assert/strict';
import { closestName } from '../../../src/editors/language/closest-name.ts';
import { completePlan } from '../../../src/editors/language/plan-completions.ts';
import { noFacts } from '../../../src/editors/language/plan-facts.ts';
import { hoverPlan } from '../../../src/editors/language/plan-hovers.ts';
import { planLenses } from '../../../src/editors/language/plan-lenses.ts';
import { planText, shopFacts } from './plan-text.ts';

const key = (text: string): string => planText({ table: `"foreignKeys": [{ ${text} }]` });

describe('completePlan', () => {
  /** `|` is the cursor. */
  const complete = (text: string): readonly { readonly name: string; readonly replaced: string }[] => {
    const offset = text.indexOf('|');
    const whole = text.replace('|', '');
    return completePlan(whole, offset, shopFacts).map(({ name, start, end }) => ({ name, replaced: whole.slice(start, end) }));
  };
  const names = (text: string): readonly string[] => complete(text).map(({ name }) => name);

  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['primary key', planText({ table: '"uniques": [["|"]]' }), ['id', 'org_id', 'score']],
    ['an index without quotes yet', planText({ table: '"indexes": [{ "columns": [|] }]' }), ['id', 'org_id', 'score']],
    ['a foreign key', key('"columns": ["o|"]'), ['id', 'org_id', 'score']],
    ['a referenced table', key('"columns": ["org_id"], "references": "|"'), ['orgs', 'people']],
    ['a referenced column', key('"references": "orgs", "referencesColumns": ["|"]'), ['id']],
    ['a column of the source, unused ones first', planText({ column: '{ "from": "|" }' }), ['score', 'born', 'id', 'org_id']],
    ['the name in the target', planText({ column: '{ "from": "born", "to": "|" }' }), ['born']],
    ['a table of the source, unused ones first', planText().replace('"from": "people"', '"from": "|"'), ['people', 'tags', 'orgs']],
    ['a source', planText().replace('"source": "main"', '"source": "|"'), ['main']],
    ['a target', planText().replace('"embedded"', '"|"'), ['embedded', 'env:DATABASE_URL']],
    ['nothing at a key', planText({ table: '"|": []' }), []],
    ['nothing where the JSON Schema knows the words', planText({ options: '{ "mode": "|" }' }), []],
    ['nothing outside', `|${planText()}`, []],
    ['nothing in nothing', '|', []],
  ];
  for (const [name, text, expected] of cases) it(name, () => assert.deepEqual(names(text), expected));

  it('offers types, the closest first', () => {
    const types = names(planText({ column: '{ "from": "score", "to": "score", "type": "real|" }' }));
    assert.deepEqual(types.slice(0, 4), ['real', 'double precision', 'numeric', 'text']);
    assert.ok(types.includes('vector(384)') && new Set(types).size === types.length);
  });

  it('replaces what stands there', () => {
    assert.equal(complete(planText({ table: '"uniques": [["sc|o"]]' }))[0]?.replaced, '"sco"');
    assert.equal(complete(planText({ table: '"uniques": [[sc|]]' }))[0]?.replaced, 'sc');
    assert.equal(complete(planText({ table: '"uniques": [[|' }))[0]?.replaced, '');
  });

  it('knows the operator classes of the column', () => {
    const index = '"indexes": [{ "columns": ["e"], "opclass": "|" }]';
    const column = '{ "from": "e", "to": "e", "type": "halfvec(3)" }';
    assert.equal(names(planText({ column, table: index }))[0], 'halfvec_cosine_ops');
  });
});

describe('hoverPlan', () => {
  const at = (text: string, place: string): ReturnType<typeof hoverPlan> => hoverPlan(text, text.lastIndexOf(place) + 1, shopFacts);

  it('tells what is behind a type', () => {
    const column = '{ "from": "score", "to": "points", "type": "numeric(3,2)", "evidence": "7 are larger", "expectedRejects": 7 }';
    const text = planText({ column });
    const hover = at(text, '"points"');
    assert.deepEqual(
      { ...hover, start: text.slice(hover!.start, hover!.end), end: 0 },
      {
        name: 'points',
        declared: 'REAL',
        type: 'numeric(3,2)',
        lines: ['7 are larger', '7 values do not fit numeric(3,2): the run refuses before anything is created.'],
        start: '"points"',
        end: 0,
      },
    );
  });

  it('leaves to Problems what is told there', () => {
    const text = planText({ column: '{ "from": "score", "to": "score", "type": "numeric(3,2)", "evidence": "x", "expectedRejects": 7 }' });
    assert.deepEqual(at(text, '"numeric(3,2)"')?.lines, []);
  });

  it('tells whether a loss is accepted', () => {
    const line = (rest: string): string | undefined =>
      at(planText({ column: `{ "from": "score", "to": "score", "type": "numeric(9,1)"${rest} }` }), '"numeric')?.lines.at(-1);
    assert.match(line(', "loss": "rounded"')!, /refuses until "accept" is true/);
    assert.match(line(', "loss": "rounded", "accept": true')!, /rounded, and that is accepted/);
    assert.equal(line(''), 'Every value is kept exactly.');
  });

  it('tells why an index for vectors is as it is', () => {
    const index = '{ "columns": ["score"], "method": "hnsw", "opclass": "vector_ip_ops", "evidence": "All vectors are of norm 1." }';
    const text = planText({ table: `"indexes": [${index}]` });
    const hover = at(text, '"vector_ip_ops"');
    assert.deepEqual(
      [hover?.name, hover?.type, hover?.lines, text.slice(hover!.start, hover!.end)],
      ['index', 'hnsw vector_ip_ops', ['All vectors are of norm 1.'], '"vector_ip_ops"'],
    );
    assert.equal(at(planText({ table: '"indexes": [{ "columns": ["score"], "method": "hash" }]' }), '"hash"'), null);
  });

  it('says nothing about keys and other places, and does without facts', () => {
    const text = planText();
    assert.equal(hoverPlan(text, text.indexOf('"type":') + 2, shopFacts), null);
    assert.equal(hoverPlan(text, text.indexOf('"shop"') + 2, shopFacts), null);
    assert.equal(hoverPlan('', 0, shopFacts), null);
    assert.equal(hoverPlan(text, text.lastIndexOf('"real"') + 1, noFacts)?.declared, null);
  });
});

describe('planLenses', () => {
  it('stands above the plan and each of its tables', () => {
    const text = planText({
      column: '{ "from": "score", "to": "score", "type": "numeric(3,2)", "loss": "rounded", "expectedRejects": 12 }',
    });
    const lenses = planLenses(text, shopFacts);
    assert.deepEqual(
      lenses.map(({ offset, table, summary }) => [text[offset], table, summary]),
      [
        ['{', null, ''],
        ['{', 0, '1 column · exact'],
        ['{', 1, '31,408 rows · 3 columns · 1 loss to accept · 12 rejects expected'],
      ],
    );
    assert.deepEqual(
      lenses.map(({ actions }) => actions.length),
      [3, 4, 4],
    );
  });

  it('offers no run of a table that is left out, and stays while one types', () => {
    const text = planText().replace('"to": "orgs",', '"to": "orgs", "include": false,').slice(0, -8);
    const [, orgs, people] = planLenses(text, noFacts);
    assert.deepEqual([orgs?.actions, orgs?.summary, people?.table], [['rows'], 'not included · 1 column · exact', 1]);
    assert.deepEqual(planLenses('[1]', noFacts), []);
    assert.deepEqual(planLenses('', noFacts), []);
  });
});

describe('closestName', () => {
  const cases: readonly (readonly [string, readonly string[], string | null])[] = [
    ['nmae', ['name', 'note'], 'name'],
    ['Id', ['id'], 'id'],
    ['tabels', ['target', 'tables'], 'tables'],
    ['x', ['created_at'], null],
    ['x', [], null],
  ];
  for (const [name, candidates, expected] of cases) it(`${name}: ${expected}`, () => assert.equal(closestName(name, candidates), expected));
});
