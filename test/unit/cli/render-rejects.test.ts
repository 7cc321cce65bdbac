import assert from 'node:assert/strict';
import { renderRejects } from '../../../src/cli/output/render-rejects.ts';

describe('renderRejects', () => {
  it('S18 lists rows that are loaded without a parent behind those that are rejected, and says how many are not listed', () => {
    const text = renderRejects(
      {
        runId: 'r-1',
        status: 'done',
        tables: [],
        rejects: [],
        orphans: [
          {
            table: 'public.c',
            constraint: 'c_fkey',
            columns: ['x', 'y'],
            references: 'public.p',
            referencesColumns: ['a', 'b'],
            total: 1_002,
            rows: [
              { key: ['7'], values: ['1', 'a\u001b'], provenance: 'rowid 7' },
              { key: null, values: null, provenance: null },
            ],
          },
        ],
      },
      [],
    );
    assert.deepEqual(text.trimEnd().split('\n'), [
      'run r-1 (done): no row is rejected',
      '',
      'public.c, loaded without a parent by c_fkey (x, y) → public.p (a, b): 1,002 rows',
      '  where    key  refers to',
      '  rowid 7  7    1, a\\x1b',
      '  -        -    -',
      '… and 1,000 more, which are counted and not listed',
    ]);
  });
});
