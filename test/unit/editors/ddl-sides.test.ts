import assert from 'node:assert/strict';
import type { SchemaDiffResult } from '../../../src/core/model/schema-diff.ts';
import { ddlSides, otherHazards } from '../../../src/editors/ddl-sides.ts';

const result: SchemaDiffResult = {
  adds: [],
  deletes: [],
  alters: [],
  targetHash: 'h',
  warnings: [
    { code: 'table-exists', message: 'a is there', table: 'public.a' },
    { code: 'table-exists', message: 'b is there', table: 'public.b' },
    { code: 'enum-labels-kept', message: 'labels stay' },
  ],
  statements: [
    {
      sql: 'ALTER TABLE "public"."b" ADD FOREIGN KEY (x) REFERENCES "public"."a"',
      hazards: [{ code: 'long-lock', message: 'locks\nboth tables' }],
    },
    { sql: 'ALTER TABLE "public"."b" ADD y int', hazards: [{ code: 'long-lock', message: 'locks\nboth tables' }] },
    { sql: 'CREATE EXTENSION vector', hazards: [{ code: 'needs-privilege', message: 'needs a superuser' }] },
    { sql: 'CREATE TABLE "public"."c" ()', hazards: [] },
  ],
  tables: [
    { table: 'public.a', before: 'A\n', after: 'A\n' },
    { table: 'public.b', before: 'B\n', after: 'B2\n' },
    { table: 'public.c', before: '', after: 'C\n' },
  ],
};

describe('ddlSides', () => {
  it('shows what differs, with hazards once, at the table that the statement is about', () => {
    assert.deepEqual(ddlSides(result), [
      { table: 'public.b', before: 'B\n', after: '-- hazard: locks both tables\n-- warning: b is there\nB2\n' },
      { table: 'public.c', before: null, after: 'C\n' },
    ]);
    assert.deepEqual(otherHazards(result), ['needs a superuser', 'labels stay']);
  });

  it('shows the table that is asked for', () => {
    assert.deepEqual(ddlSides(result, 'public.a'), [{ table: 'public.a', before: 'A\n', after: 'A\n' }]);
    assert.deepEqual(ddlSides(result, 'public.x'), []);
  });
});
