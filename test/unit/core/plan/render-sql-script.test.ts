import assert from 'node:assert/strict';
import { previewSql } from '../../../../src/core/run/preview-sql.ts';
import { planInput, tableInput } from './plan-input.ts';

const preview = (plan: object, settings: object = {}): string =>
  previewSql({ input: { text: JSON.stringify(plan), path: 'a.sluice.json' }, ...settings });

describe('a plan as an SQL script', () => {
  it('has the structure, the place of the rows, and what comes after them', () => {
    const script = preview(planInput({ tables: [tableInput('a', { indexes: [{ columns: ['v'] }] })] }));
    const order = [
      'SET search_path',
      '-- Before the rows',
      'CREATE TABLE "public"."a"',
      '-- Rows',
      '-- public.a: rows of main.a, 2 columns',
    ];
    const places = [...order, '-- After the rows', 'ADD CONSTRAINT "a_pkey"', 'CREATE INDEX "a_v_idx"'].map((text) => script.indexOf(text));
    assert.ok(
      places.every((place) => place >= 0),
      script,
    );
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
    assert.ok(script.endsWith(';\n'));
  });

  it('takes another schema, and only some tables', () => {
    const script = preview(planInput({ tables: [tableInput('a'), tableInput('b')] }), { schema: 'shop', tables: ['b'] });
    assert.match(script, /CREATE SCHEMA IF NOT EXISTS "shop";\nCREATE TABLE "shop"\."b"/);
    assert.doesNotMatch(script, /"a"/);
  });

  it('says that a mode leaves tables that are there as they are', () => {
    const plan = planInput({ tables: [tableInput('a')] });
    assert.match(
      preview({ ...plan, options: { mode: 'upsert' } }),
      /^-- Mode upsert: of a table that is there already, a run carries out none of this/m,
    );
    assert.doesNotMatch(preview(plan), /Mode/);
  });

  it('hazards are comments before their statement', () => {
    const columns = [{ from: 'v', to: 'v', type: 'numeric(4,1)', loss: 'rounded' as const, accept: true }];
    const script = preview(planInput({ tables: [tableInput('a', { columns, primaryKey: [] })] }));
    assert.match(script, /^-- hazard lossy: Values of v are rounded to fit numeric\(4,1\)\.\nCREATE TABLE/m);
  });

  it('a line break in a name stays inside the comment', () => {
    const script = preview(planInput({ tables: [tableInput('a\nDROP TABLE x;', { to: 'a' })] }));
    assert.match(script, /^-- public\.a: rows of main\.a DROP TABLE x;, 2 columns$/m);
    assert.doesNotMatch(script, /^DROP/m);
  });
});
