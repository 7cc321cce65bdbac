import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { MigrationError, type EngineEvent } from '../../../src/core/index.ts';
import { postgresTarget } from '../../helpers/cli-target.ts';
import { itemsSeed, itemTable, storePlan, withBenchOf, type Bench } from '../../helpers/engine.ts';
import { assertProved, rollBack } from '../../helpers/existing-tables.ts';
import { requirePostgres, type Cluster } from '../../helpers/postgres.ts';

/** A program that opens the store, writes and closes it again cannot be seen beforehand: here this very process, which freezing does not look at. */
describe('S40 a store in rollback-journal mode that is written to now and then', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  before(async function () {
    cluster = await requirePostgres(this);
  });

  const withBench = (work: (bench: Bench) => Promise<void>): Promise<void> =>
    withBenchOf(() => postgresTarget(cluster), itemsSeed(1_000), work);

  /** Changes a row when a phase begins, each time that it does: its name says how often. */
  function writeAt(bench: Bench, phase: string): void {
    let writes = 0;
    bench.watch((event: EngineEvent) => {
      if (event.type !== 'phase' || event.phase !== phase) return;
      const database = new Database(bench.store);
      database.prepare('UPDATE item SET name = ? WHERE id = 1').run(`write ${++writes}`);
      database.close();
    });
  }

  const nameNow = (bench: Bench): unknown => {
    const database = new Database(bench.store, { readonly: true });
    const name: unknown = database.prepare('SELECT name FROM item WHERE id = 1').pluck().get();
    database.close();
    return name;
  };

  it('before anything is made: it is read again, from a private copy, which whoever writes cannot change', () =>
    withBench(async (bench) => {
      writeAt(bench, 'preflight');
      const result = await bench.run(storePlan([itemTable]));
      assertProved(result, 1_000);
      assert.deepEqual(
        result.preflight?.disk.map(({ what }) => what),
        ['target', 'private copies'],
      );
      assert.equal(nameNow(bench), 'write 2', 'preflight was done twice');
      assert.deepEqual(await bench.target.query('SELECT name FROM item WHERE id = 1'), ['write 1']);
    }));

  it('after that: the run ends and says how to go on; from a private copy it is not disturbed', () =>
    withBench(async (bench) => {
      writeAt(bench, 'data');
      const failure = await bench.run(storePlan([itemTable])).then(
        () => assert.fail('the change was not noticed'),
        (error: unknown) => error,
      );
      assert.ok(failure instanceof MigrationError && failure.code === 'source-changed', String(failure));
      assert.match(failure.remedy, /Roll the run back and run again .* --private-copy/);
      await rollBack(bench, String(failure.context['runId']));
      assertProved(await bench.run(storePlan([itemTable]), { privateCopy: true }), 1_000);
      assert.equal(nameNow(bench), 'write 2');
      assert.deepEqual(await bench.target.query('SELECT name FROM item WHERE id = 1'), ['write 1']);
    }));
});
