import assert from 'node:assert/strict';
import { applyEdits } from 'jsonc-parser';
import { validatePlan } from '../../../src/core/plan/validate-plan.ts';
import { findPlanProblems, type PlanFinding } from '../../../src/editors/language/plan-findings.ts';
import { fixesOf } from '../../../src/editors/language/plan-fixes.ts';
import { planText, shopFacts } from './plan-text.ts';

const find = (text: string, stale: string | null = null): readonly PlanFinding[] => findPlanProblems(text, validatePlan(text), stale);
/** "severity «marked text» message" */
const shown = (text: string, stale: string | null = null): readonly string[] =>
  find(text, stale).map(({ severity, start, end, message }) => `${severity} «${text.slice(start, end)}» ${message}`);

const evidence = '31408 of 31408 values are reals, from 0.1 to 12.5, at most 2 decimal places';
const tooSmall = `{ "from": "score", "to": "score", "type": "numeric(3,2)", "evidence": "${evidence}", "expectedRejects": 12 }`;
const rounded = `{ "from": "score", "to": "score", "type": "numeric(3,1)", "loss": "rounded", "evidence": "${evidence}" }`;

describe('findPlanProblems', () => {
  const cases: readonly (readonly [string, string, readonly RegExp[]])[] = [
    ['a plan in order', planText(), []],
    ['an unknown key', planText({ table: '"indexs": []' }), [/^error «"indexs"» "indexs" is not a key/]],
    ['an unknown column', planText({ table: '"uniques": [["scor"]]' }), [/^error «"scor"» public.people has no column "scor"/]],
    ['a missing key', planText().replace('"profile": "embedded"', ''), [/^error «"target"» "profile" is missing/]],
    ['a key twice', planText({ head: ' "name": "again",' }), [/^error «"name"» "name" stands twice/]],
    [
      'rejects under stop',
      planText({ column: tooSmall }),
      [/^warning «"numeric\(3,2\)"» 12 of 31,408 values do not fit numeric\(3,2\): 31408 of .* refuses/],
    ],
    [
      'rejects under quarantine',
      planText({ column: tooSmall, options: '{ "onReject": "quarantine" }' }),
      [/^information «"numeric\(3,2\)"» 12 of 31,408 .* kept apart as rejects/],
    ],
    ['a loss', planText({ column: rounded }), [/^warning «"rounded"» public.people.score: rounded as numeric\(3,1\)/]],
    [
      'an index that pgvector cannot make',
      planText({
        column: '{ "from": "e", "to": "e", "type": "vector(2001)" }',
        table: '"indexes": [{ "columns": ["e"], "method": "hnsw", "opclass": "vector_l2_ops" }]',
      }),
      [/^error «"e"» pgvector indexes vector up to 2000 dimensions/],
    ],
    ['broken JSON, which the editor reports itself', '{ "version": 1 "name": "x" }', []],
    ['an empty file', '', [/^error «» The file is empty/]],
  ];
  for (const [name, text, expected] of cases) {
    it(name, () => {
      const found = shown(text);
      assert.equal(found.length, expected.length, found.join('\n'));
      for (const [i, pattern] of expected.entries()) assert.match(found[i]!, pattern);
    });
  }

  it('tells that a plan is stale, at what it was made from', () => {
    const text = planText({ head: ' "madeFrom": { "sources": {} },' });
    assert.deepEqual(shown(text, 'It changed.'), ['information «"madeFrom"» It changed.']);
    assert.deepEqual(shown(planText(), 'It changed.'), ['information «{» It changed.']);
  });
});

describe('fixesOf', () => {
  const repaired = (text: string): readonly (readonly [string, string])[] =>
    find(text).flatMap((finding) =>
      fixesOf(text, finding, shopFacts).map(({ title, edits }) => [title, applyEdits(text, [...edits])] as const),
    );
  const titles = (text: string): readonly string[] => repaired(text).map(([title]) => title);

  it('corrects what is misspelled', () => {
    const cases: readonly (readonly [string, string])[] = [
      [planText({ table: '"indexs": []' }), planText({ table: '"indexes": []' })],
      [planText({ table: '"uniques": [["scor"]]' }), planText({ table: '"uniques": [["score"]]' })],
      [planText().replace('"source": "main"', '"source": "mian"'), planText()],
      [planText({ options: '{ "onReject": "quarantin" }' }), planText({ options: '{ "onReject": "quarantine" }' })],
      [
        planText({ column: '{ "from": "score", "to": "score", "type": "jsonb", "convert": "json-txt" }' }),
        planText({ column: '{ "from": "score", "to": "score", "type": "jsonb", "convert": "json-text" }' }),
      ],
      [
        planText({ table: '"foreignKeys": [{ "columns": ["org_id"], "references": "org", "referencesColumns": ["id"] }]' }),
        planText({ table: '"foreignKeys": [{ "columns": ["org_id"], "references": "orgs", "referencesColumns": ["id"] }]' }),
      ],
    ];
    for (const [broken, good] of cases) {
      assert.equal(repaired(broken)[0]?.[1], good);
      assert.deepEqual(find(good), []);
    }
  });

  it('widens a type that is too small, or keeps the rows apart', () => {
    const text = planText({ column: tooSmall });
    assert.deepEqual(titles(text), [
      'Change the type to numeric(4,2)',
      'Change the type to numeric',
      'Keep rejected rows apart ("onReject": "quarantine")',
    ]);
    const [widened, , apart] = repaired(text);
    assert.deepEqual(find(widened![1]), []);
    assert.match(apart![1], /"options": \{ ?"onReject": ?"quarantine" ?\}/);
    assert.deepEqual(
      find(apart![1]).map(({ severity }) => severity),
      ['information'],
    );
  });

  it('accepts a loss, or makes room for the values', () => {
    const text = planText({ column: rounded });
    assert.deepEqual(titles(text), ['Change the type to numeric(4,2)', 'Change the type to numeric', 'Accept that score is rounded']);
    for (const [, mended] of repaired(text)) assert.deepEqual(find(mended), []);
  });

  it('gives an impossible index another form, or leaves it out', () => {
    const wide = '{ "from": "e", "to": "e", "type": "vector(2001)" }';
    const bad = '{ "columns": ["e"], "method": "hnsw", "opclass": "vector_l2_ops" }';
    const alone = repaired(planText({ column: wide, table: `"indexes": [${bad}]` }));
    assert.deepEqual(
      alone.map(([title]) => title),
      [
        'Index half precision: halfvec(2001)',
        'Index the signs of its elements: binary_quantize, bit(2001)',
        'Index its first 1024 elements: subvector',
        'Leave the index out',
      ],
    );
    for (const [, text] of alone) assert.deepEqual(find(text), []);
    assert.match(alone[0]?.[1] ?? '', /"expression": "\\"e\\"::halfvec\(2001\)", "method": "hnsw", "opclass": "halfvec_l2_ops"/);
    assert.equal(alone.at(-1)?.[1], planText({ column: wide }));
    const rest = repaired(planText({ column: wide, table: `"indexes": [{ "columns": ["id"] }, ${bad}]` })).at(-1)?.[1];
    assert.equal(rest, planText({ column: wide, table: '"indexes": [{ "columns": ["id"] }]' }));
    const long = wide.replace('2001', '4096');
    assert.match(titles(planText({ column: long, table: `"indexes": [${bad}]` }))[0] ?? '', /signs of its elements/);
  });

  it('names operator classes that fit, and a type for what no vector holds', () => {
    const column = '{ "from": "e", "to": "e", "type": "vector(4)" }';
    const wrong = '"indexes": [{ "expression": "binary_quantize(e)::bit(4)", "method": "hnsw", "opclass": "vector_l2_ops" }]';
    assert.equal(titles(planText({ column, table: wrong }))[0], 'Use bit_hamming_ops (Hamming distance, <~>)');
    assert.deepEqual(titles(planText({ column: column.replace('4', '16001') })), ['Change the type to real[]']);
  });

  it('says what a key, a serial and a vector index need', () => {
    const nullable = planText().replace('"to": "id", "type": "bigint", "nullable": false', '"to": "id", "type": "bigint"');
    const serial = planText({ column: '{ "from": "score", "to": "score", "type": "bigserial" }' });
    const noOpclass = planText({
      column: '{ "from": "e", "to": "e", "type": "halfvec(3)" }',
      table: '"indexes": [{ "columns": ["e"], "method": "hnsw" }]',
    });
    assert.equal(repaired(nullable)[0]?.[1], planText());
    for (const text of [nullable, serial, noOpclass]) assert.deepEqual(find(repaired(text)[0]![1]), []);
    assert.equal(titles(noOpclass)[0], 'Use halfvec_cosine_ops (cosine distance, <=>)');
  });
});
