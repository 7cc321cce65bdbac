import assert from 'node:assert/strict';
import { MigrationError, rollBackRun, type RollBackResult, type RunResult } from '../../../src/core/index.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan, type Bench } from '../../helpers/engine.ts';

const existingItem = `CREATE TABLE public.item (id bigint PRIMARY KEY, extra text DEFAULT 'new', name varchar(100), weight numeric);
  INSERT INTO public.item VALUES (1000, 'mine', 'old', 1.50)`;

describeOnBothTargets('modes into tables that exist', (withBench) => {
  it('append adds the rows, leaves extra columns to their defaults, and is rolled back to what was there', () =>
    withBench(itemsSeed(100), async (bench) => {
      await prepare(bench, existingItem);
      const before = await contents(bench, 'public.item');
      const result = await bench.run(storePlan([itemTable], { mode: 'append' }));
      assertProved(result, 100);
      assert.deepEqual(await bench.target.query('SELECT count(*) || extra FROM public.item GROUP BY extra ORDER BY 1'), ['100new', '1mine']);
      const undone = await rollBack(bench, result.runId);
      assert.deepEqual([undone.dropped, undone.restoredRows, undone.deletedRows], [[], 0, 100]);
      assert.deepEqual(await contents(bench, 'public.item'), before);
    }));

  it('upsert overwrites the columns of the plan only, and is rolled back to what was there', () =>
    withBench(itemsSeed(100), async (bench) => {
      await prepare(bench, `${existingItem}, (7, 'kept', 'seven', 7.77), (8, 'kept', NULL, NULL)`);
      const before = await contents(bench, 'public.item');
      const result = await bench.run(storePlan([itemTable], { mode: 'upsert' }));
      assertProved(result, 100);
      assert.deepEqual(await bench.target.query('SELECT concat_ws(\' \', extra, name, weight) FROM public.item WHERE id IN (7, 1000) ORDER BY id'), [
        'kept item 7 0.875',
        'mine old 1.50',
      ]);
      const undone = await rollBack(bench, result.runId);
      assert.deepEqual([undone.restoredRows, undone.deletedRows], [2, 98]);
      assert.deepEqual(await contents(bench, 'public.item'), before);
    }));

  it('replace empties the table, never drops it, and is rolled back to what was there', () =>
    withBench(itemsSeed(100), async (bench) => {
      await prepare(bench, `${existingItem}, (7, 'kept', 'seven', 7.77)`, 'CREATE VIEW public.heavy AS SELECT * FROM public.item');
      const before = await contents(bench, 'public.item');
      const result = await bench.run(storePlan([itemTable], { mode: 'replace' }));
      assertProved(result, 100);
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.heavy'), ['100']);
      const undone = await rollBack(bench, result.runId);
      assert.deepEqual([undone.restoredRows, undone.deletedRows], [2, 100]);
      assert.deepEqual(await contents(bench, 'public.item'), before);
    }));
});

function assertProved(result: RunResult, rows: number): void {
  assert.deepEqual(
    { status: result.status, verification: result.verification.status, rejects: result.rejects, written: result.tables.map((table) => table.rowsWritten) },
    { status: 'done', verification: 'match', rejects: 0, written: [rows] },
    JSON.stringify(result.verification),
  );
}

async function prepare(bench: Bench, ...statements: readonly string[]): Promise<void> {
  for (const sql of statements.flatMap((text) => text.split(';'))) if (sql.trim() !== '') await bench.target.query(sql);
}

/** All columns of all rows, in a fixed order. */
function contents(bench: Bench, table: string): Promise<readonly string[]> {
  return bench.target.query(`SELECT t::text FROM ${table} AS t ORDER BY 1`);
}

function rollBack(bench: Bench, runId: string | null): Promise<RollBackResult> {
  return rollBackRun({ runId: String(runId), target: bench.choice, purge: false, signal: new AbortController().signal }, bench.deps);
}
