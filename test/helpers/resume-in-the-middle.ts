import assert from 'node:assert/strict';
import { join } from 'node:path';
import { runMigration } from '../../src/core/index.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import { cancelInTheMiddle } from './cancel-in-the-middle.ts';
import type { Bench } from './engine.ts';
import { runRequest } from './run-request.ts';

/** A plan that moves columns `id` and `name` of the table `rows` of a store in the bench's folder into `item`. */
export function planOfRows(source: PlanInput['sources'][string], options: PlanInput['options'] = {}): PlanInput {
  const columns = [
    { from: 'id', to: 'id', type: 'bigint' },
    { from: 'name', to: 'name', type: 'text' },
  ];
  return {
    version: 1,
    name: 'rows',
    sources: { main: source },
    target: { profile: 'embedded' },
    options,
    tables: [{ source: 'main', from: 'rows', to: 'item', columns }],
  };
}

/** Cancels a run of such a plan behind a chunk and resumes it to its end. Gives how many rows were there in between, fewer than all. */
export async function resumeInTheMiddle(bench: Bench, plan: PlanInput, rows: number): Promise<number> {
  const path = join(bench.folder, 'rows.sluice.json');
  const run: Bench['run'] = (own, settings) => runMigration(runRequest(own, path, bench.choice, settings), bench.deps);
  const runId = await cancelInTheMiddle({ ...bench, run }, plan);
  const committed = Number((await bench.target.query('SELECT count(*) FROM public.item'))[0]);
  assert.ok(committed < rows, `cancelled too late: ${committed} rows are there`);
  const result = await run(plan, { resume: true });
  assert.deepEqual([result.runId, result.status, result.verification.status], [runId, 'done', 'match']);
  assert.equal(result.tables[0]?.rowsWritten, rows);
  return committed;
}
