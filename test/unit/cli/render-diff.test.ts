import assert from 'node:assert/strict';
import { isDifferent, renderDiff, renderDiffSql } from '../../../src/cli/output/render-diff.ts';
import type { SchemaDiffResult } from '../../../src/core/index.ts';

const none: SchemaDiffResult = { adds: [], deletes: [], alters: [], statements: [], warnings: [], targetHash: '', tables: [] };
const some: SchemaDiffResult = {
  ...none,
  adds: [
    { kind: 'extension', name: 'vector', table: null, before: null, after: '' },
    { kind: 'table', name: 'public.a', table: 'public.a', before: null, after: 'CREATE TABLE …' },
  ],
  alters: [{ kind: 'column', name: 'public.b.v', table: 'public.b', before: 'text', after: 'bigint NOT NULL' }],
  deletes: [{ kind: 'index', name: 'public.b.\u001b[2J', table: 'public.b', before: 'CREATE INDEX …', after: null }],
  statements: [
    { sql: 'ALTER TABLE b', hazards: [{ code: 'long-lock', message: 'slow\nDROP TABLE x;' }] },
    { sql: 'ALTER TABLE c', hazards: [{ code: 'long-lock', message: 'slow\nDROP TABLE x;' }] },
  ],
  warnings: [{ code: 'table-exists', message: 'public.b is there' }],
};

describe('rendered diff', () => {
  it('tells each object in a line, hazards once, and shows control characters', () => {
    assert.equal(
      renderDiff(some, 'env:T', [{ purpose: 'see', command: 'sluice diff' }]),
      `plan against env:T: 2 objects missing, 1 object different, 1 object only in the target
  + extension vector
  + table public.a
  ~ column public.b.v: text → bigint NOT NULL
  - index public.b.\\x1b[2J: CREATE INDEX … (only in the target; it stays)

hazards:
  long-lock: slow\\x0aDROP TABLE x;

warnings:
  public.b is there

next:
  see  sluice diff
`,
    );
  });

  it('says so when nothing differs', () => {
    assert.equal(renderDiff(none, 'embedded', []), 'plan against embedded: no differences\n\n');
    assert.deepEqual([isDifferent(none), isDifferent(some), isDifferent({ ...none, deletes: some.deletes })], [false, true, true]);
  });

  it('as a script, everything but the statements is a comment', () => {
    const lines = renderDiffSql(some, 'env:T').split('\n');
    assert.deepEqual(
      lines.filter((line) => !line.startsWith('--') && line !== ''),
      ['SET search_path = public;', 'ALTER TABLE b;', 'ALTER TABLE c;'],
    );
  });
});
