import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runMigration } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { inDuckDb } from '../../helpers/duckdb.ts';
import { describeOnBothTargets, type Bench } from '../../helpers/engine.ts';
import { planOfRows } from '../../helpers/resume-in-the-middle.ts';
import { runRequest } from '../../helpers/run-request.ts';

/** What DuckDB writes a store with, from its table `made`. */
const kinds = [
  {
    kind: 'duckdb',
    path: 'rows.duckdb',
    write: (path: string) => [`ATTACH '${path}' AS store`, 'CREATE TABLE store.rows AS FROM made', 'DETACH store'],
  },
  { kind: 'parquet', path: 'rows.parquet', write: (path: string) => [`COPY made TO '${path}' (FORMAT parquet)`] },
  { kind: 'delimited', path: 'rows.csv', write: (path: string) => [`COPY made TO '${path}' (FORMAT csv, HEADER)`] },
] as const;

describeOnBothTargets('mode sync of other sources', (withBench) => {
  for (const { kind, path, write } of kinds)
    it(`${kind}: what is new and changed is written, what is gone is deleted where the plan says so`, () =>
      withBench('', async (bench) => {
        const fill = (from: number, to: number, name: string): Promise<void> => {
          rmSync(join(bench.folder, path), { force: true });
          return inDuckDb(null, async (connection) => {
            await connection.run(
              `CREATE TABLE made AS SELECT i AS id, ${name} AS name FROM range(${from}, ${to}) AS r (i) ORDER BY i % 7, i`,
            );
            for (const sql of write(join(bench.folder, path))) await connection.run(sql);
          });
        };
        const plan = withKey(planOfRows({ kind, path }, { mode: 'sync', deletions: 'apply' }));
        await fill(0, 3_000, "'item ' || i");
        assert.deepEqual(await sync(bench, plan), { written: 3_000, existing: undefined });
        assert.deepEqual(await sync(bench, plan), { written: 0, existing: [0, 0, 0, 3_000] });
        await fill(10, 3_005, "'item ' || i + (i = 77)::INTEGER");
        assert.deepEqual(await sync(bench, plan), { written: 6, existing: [5, 1, 10, 2_989] });
        assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), ['2995']);
      }));
});

function withKey(plan: PlanInput): PlanInput {
  const columns: PlanInput['tables'][number]['columns'] = [
    { from: 'id', to: 'id', type: 'bigint', nullable: false },
    { from: 'name', to: 'name', type: 'text' },
  ];
  return { ...plan, tables: plan.tables.map((table) => ({ ...table, columns, primaryKey: ['id'] })) };
}

/** Rows written, and those inserted, updated, deleted and unchanged. */
async function sync(bench: Bench, plan: PlanInput): Promise<{ written: number | undefined; existing: readonly unknown[] | undefined }> {
  const { tables, verification } = await runMigration(runRequest(plan, join(bench.folder, 'rows.sluice.json'), bench.choice), bench.deps);
  assert.equal(verification.status, 'match', JSON.stringify(verification.tables, null, 1));
  const [table] = tables;
  const existing = table?.existing;
  return {
    written: table?.rowsWritten,
    existing: existing === undefined ? undefined : [existing.inserted, existing.updated, existing.deleted, existing.unchanged],
  };
}
