import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { MigrationError } from '../../../src/core/index.ts';
import { cancelInTheMiddle } from '../../helpers/cancel-in-the-middle.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan } from '../../helpers/engine.ts';

const rows = 400_000;

describeOnBothTargets('resume', (withBench) => {
  it('S45 continues a cancelled run behind the last committed chunk and ends in match, no row twice', () =>
    withBench(itemsSeed(rows), async (bench) => {
      const runId = await cancelInTheMiddle(bench, storePlan([itemTable]));
      const committed = Number((await bench.target.query('SELECT count(*) FROM public.item'))[0]);
      assert.ok(committed < rows, `cancelled too late: ${committed} rows are there`);

      const result = await bench.run(storePlan([itemTable]), { resume: true });
      assert.equal(result.runId, runId);
      assert.equal(result.status, 'done');
      assert.equal(result.verification.status, 'match');
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), [String(rows)]);
      assert.deepEqual(await bench.target.query('SELECT count(DISTINCT id) FROM public.item'), [String(rows)]);
      assert.equal(result.tables[0]?.rowsWritten, rows);
      assert.equal(result.preflight, null, 'what a run has made itself is not in its way');
    }));

  it('refuses to resume when the store changed since', () =>
    withBench(itemsSeed(rows), async (bench) => {
      await cancelInTheMiddle(bench, storePlan([itemTable]));
      const database = new Database(bench.store);
      database.exec(`UPDATE item SET name = 'changed' WHERE id = 1`);
      database.close();
      await assert.rejects(bench.run(storePlan([itemTable]), { resume: true }), hasCode('source-changed-since'));
    }));

  it('says so when there is nothing to resume, and when the run is finished', () =>
    withBench(itemsSeed(3), async (bench) => {
      await assert.rejects(bench.run(storePlan([itemTable]), { resume: true }), hasCode('nothing-to-resume'));
      const { runId } = await bench.run(storePlan([itemTable]));
      await assert.rejects(bench.run(storePlan([itemTable]), { resume: true, runId }), hasCode('run-finished'));
    }));
});

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof MigrationError && error.code === code;
}
