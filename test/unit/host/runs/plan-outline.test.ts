import assert from 'node:assert/strict';
import { outlinePlan } from '../../../../src/host/runs/plan-outline.ts';

describe('outline of a plan', () => {
  const text =
    '{ "name": "n", "tables": [ { "from": "a", "to": "A" }, { "from": "b", "to": { "schema": "s", "table": "B" } }, { "to": "C", "include": false } ], }';

  it('names what a run loads', () => assert.deepEqual(outlinePlan(text, {}), { name: 'n', tables: ['public.A', 's.B'] }));
  it('follows the overrides of the run', () => {
    assert.deepEqual(outlinePlan(text, { schema: 'x', tables: ['a'] }).tables, ['x.A']);
    assert.deepEqual(outlinePlan(text, { tables: ['B'] }).tables, ['s.B']);
  });
  for (const broken of ['', '[', 'null', '{ "tables": 3 }', '{ "tables": [null], "target": [] }']) {
    it(`survives ${JSON.stringify(broken)}`, () => assert.equal(outlinePlan(broken, {}).name, null));
  }
});
