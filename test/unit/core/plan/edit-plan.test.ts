import assert from 'node:assert/strict';
import { applyEdits, type Edit } from 'jsonc-parser';
import { editPlan, type PlanEdit } from '../../../../src/core/plan/edit/edit-plan.ts';
import { setValues } from '../../../../src/core/plan/edit/set-values.ts';

const apply = (text: string, edits: readonly Edit[]): string => applyEdits(text, [...edits]);
const edit = (text: string, change: PlanEdit): string => apply(text, editPlan(text, change));
const table = (rest: string, more = ''): string => `{ "tables": [{ "from": "a", "to": "a"${rest} }${more}] }`;
const column = (rest: string): string => table(`, "columns": [{ "from": "v", "to": "v", ${rest} }]`);

describe('editPlan', () => {
  it('leaves a table out, and takes it in again, on the line where it is', () => {
    const without = table(', "include": false, "columns": []');
    assert.equal(edit(table(', "columns": []'), { kind: 'include', table: 0, include: false }), without);
    assert.equal(edit(without, { kind: 'include', table: 0, include: true }), table(', "columns": []'));
  });

  it('does nothing where there is nothing to do', () => {
    assert.deepEqual(editPlan(table(''), { kind: 'include', table: 0, include: true }), []);
    assert.deepEqual(editPlan(table(''), { kind: 'include', table: 7, include: false }), []);
    assert.deepEqual(editPlan('{ "tables": ', { kind: 'accept-loss', table: 0, column: 0 }), []);
  });

  it('accepts a loss beside it', () => {
    assert.equal(
      edit(column('"type": "real", "loss": "lossy", "evidence": "x"'), { kind: 'accept-loss', table: 0, column: 0 }),
      column('"type": "real", "loss": "lossy", "accept": true, "evidence": "x"'),
    );
    assert.equal(
      edit(column('"loss": "lossy", "accept": false'), { kind: 'accept-loss', table: 0, column: 0 }),
      column('"loss": "lossy", "accept": true'),
    );
  });

  it('forgets what was counted for another type', () => {
    const change = { kind: 'column-type', table: 0, column: 0, type: 'numeric(5,2)' } as const;
    assert.equal(
      edit(column('"type": "numeric(3,2)", "loss": "rounded", "accept": true, "evidence": "x", "expectedRejects": 12'), change),
      column('"type": "numeric(5,2)", "evidence": "x"'),
    );
    assert.equal(edit(column('"type": "timestamptz", "convert": "epoch-ms"'), { ...change, type: 'bigint' }), column('"type": "bigint"'));
    assert.equal(
      edit(column('"type": "timestamptz", "convert": "epoch-ms"'), { ...change, type: 'date' }),
      column('"type": "date", "convert": "epoch-ms"'),
    );
    assert.equal(
      edit(column('"type": "vector(3)", "loss": "rounded", "accept": true'), { ...change, type: 'halfvec(3)' }),
      column('"type": "halfvec(3)", "loss": "rounded"'),
    );
  });

  it('S09 keeps rules of a mixed column only while every converter suits the type', () => {
    const rules = '"convert": [{ "when": "text" }, { "when": "integer", "convert": "epoch-ms" }]';
    const change = { kind: 'column-type', table: 0, column: 0, type: 'timestamp' } as const;
    assert.equal(edit(column(`"type": "timestamptz", ${rules}`), change), column(`"type": "timestamp", ${rules}`));
    assert.equal(edit(column(`"type": "timestamptz", ${rules}`), { ...change, type: 'text' }), column('"type": "text"'));
  });

  it('renames a table wherever it is named', () => {
    const text = (name: string): string =>
      `{ "sequences": [{ "name": "s", "ownedBy": { "table": "${name}", "column": "id" } }], // kept
  "tables": [{ "from": "a", "to": "${name}" }, { "from": "b", "to": "b", "foreignKeys": [{ "references": "${name}" }, { "references": "b" }] }] }`;
    assert.equal(edit(text('a'), { kind: 'rename-table', table: 0, to: 'accounts' }), text('accounts'));
    const named = (name: string): string => `{ "tables": [{ "from": "a", "to": { "schema": "s", "table": "${name}" } }] }`;
    assert.equal(edit(named('a'), { kind: 'rename-table', table: 0, to: 'b' }), named('b'));
  });
});

describe('setValues', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['one line', '{ "a": 1 }', '{ "a": 1, "k": true }'],
    ['no key yet', '{}', '{ "k": true }'],
    ['own lines', '{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"k": true\n}'],
    ['Windows', '{\r\n  "a": 1\r\n}', '{\r\n  "a": 1,\r\n  "k": true\r\n}'],
    ['a remark behind', '{\n  "a": 1 // why\n}', '{\n  "a": 1, // why\n  "k": true\n}'],
    ['a comma too many', '{\n  "a": 1,\n}', '{\n  "a": 1,\n  "k": true,\n}'],
    ['a comma too many and a remark', '{\n  "a": 1, // why\n}', '{\n  "a": 1, // why\n  "k": true\n}'],
  ];
  for (const [name, before, after] of cases) {
    it(`adds a key: ${name}`, () => assert.equal(apply(before, setValues(before, [{ path: ['k'], value: true }])), after));
  }

  it('takes an element out wherever it is', () => {
    const without = (index: number): string =>
      apply('{ "a": [1, [2], 3] }', setValues('{ "a": [1, [2], 3] }', [{ path: ['a', index], value: undefined }]));
    assert.deepEqual([0, 1, 2, 3].map(without), ['{ "a": [[2], 3] }', '{ "a": [1, 3] }', '{ "a": [1, [2]] }', '{ "a": [1, [2], 3] }']);
    assert.equal(apply('[1]', setValues('[1]', [{ path: [0], value: undefined }])), '[]');
  });

  it('adds a key in the middle, behind a remark', () => {
    const text = '{\n  "a": 1, // why\n  "b": 2\n}';
    const after = '{\n  "a": 1, // why\n  "k": true,\n  "b": 2\n}';
    assert.equal(apply(text, setValues(text, [{ path: ['k'], value: true, after: 'a' }])), after);
  });
});
