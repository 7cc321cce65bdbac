import assert from 'node:assert/strict';
import type { CompiledTable } from '../../../../src/core/plan/compiled-plan.ts';
import { mostComponents, reportVectorHealth } from '../../../../src/core/run/report-vector-health.ts';
import type { Target } from '../../../../src/core/target/target.ts';

const table = {
  to: { schema: 'public', table: 'notes' },
  columns: [
    { to: 'id', type: { name: 'bigint', arrayDepth: 0 } },
    { to: 'embedding', type: { name: 'vector', arrayDepth: 0, modifiers: [10] } },
    { to: 'parts', type: { name: 'vector', arrayDepth: 1 } },
    { to: 'small', type: { name: 'halfvec', arrayDepth: 0, modifiers: [] } },
  ],
} as unknown as CompiledTable;

describe('the health of vectors in a report', () => {
  it('is left out, without a single query, where there is too much of it', async () => {
    const asked = {} as Target;
    const reported = await reportVectorHealth(asked, table, mostComponents / 10 + 1, new AbortController().signal);
    assert.deepEqual(
      reported.map(({ column, health }) => [column, health]),
      [
        ['embedding', null],
        ['small', null],
      ],
    );
    assert.match(reported[0]!.leftOut!, /^5,000,001 rows of 10 dimensions are more than a run examines by itself\.$/);
  });

  it('is asked for nothing in a table without vectors', async () => {
    assert.deepEqual(
      await reportVectorHealth({} as Target, { ...table, columns: [table.columns[0]!] }, 1, new AbortController().signal),
      [],
    );
  });
});
