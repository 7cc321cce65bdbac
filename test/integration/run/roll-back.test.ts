import assert from 'node:assert/strict';
import { MigrationError, rollBackRun, type RollBackResult } from '../../../src/core/index.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan, type Bench } from '../../helpers/engine.ts';

describeOnBothTargets('roll back', (withBench) => {
  it('--purge leaves the target as it was', () =>
    withBench(itemsSeed(100), async (bench) => {
      const before = await bench.target.dump();
      const { runId } = await bench.run(storePlan([itemTable]));
      const result = await rollBack(bench, runId, true);
      assert.deepEqual(result.dropped, ['primary-key public.item.item_pkey', 'table public.item', 'schema sluice']);
      assert.equal(await bench.target.dump(), before);
    }));

  it('keeps its own schema without --purge, and the same plan runs again', () =>
    withBench(itemsSeed(100), async (bench) => {
      const { runId } = await bench.run(storePlan([itemTable]));
      const result = await rollBack(bench, runId, false);
      assert.deepEqual(result.kept, ['schema sluice']);
      assert.deepEqual(await bench.target.query('SELECT status FROM sluice.run'), ['rolled-back']);
      assert.equal((await bench.run(storePlan([itemTable]))).verification.status, 'match');
    }));

  it('refuses when rows were changed since, naming the table, and changes nothing', () =>
    withBench(itemsSeed(100), async (bench) => {
      const { runId } = await bench.run(storePlan([itemTable]));
      await bench.target.query(`UPDATE public.item SET name = 'mine now' WHERE id = 7 RETURNING 1`);
      await assert.rejects(rollBack(bench, runId, true), (error) => {
        assert.ok(error instanceof MigrationError);
        assert.equal(error.code, 'rows-changed-since');
        assert.deepEqual(error.context['tables'], ['public.item']);
        return true;
      });
      assert.deepEqual(await bench.target.query('SELECT name FROM public.item WHERE id = 7'), ['mine now']);
    }));

  it("refuses when a user's view depends on what would go, naming it, and changes nothing", () =>
    withBench(itemsSeed(100), async (bench) => {
      const { runId } = await bench.run(storePlan([itemTable]));
      await bench.target.query('CREATE VIEW public.heavy_items AS SELECT * FROM public.item');
      const before = await bench.target.dump();
      await assert.rejects(rollBack(bench, runId, true), (error) => {
        assert.ok(error instanceof MigrationError);
        assert.equal(error.code, 'roll-back-blocked');
        assert.match(error.message, /heavy_items/);
        return true;
      });
      assert.equal(await bench.target.dump(), before);
    }));

  it('mode create refuses tables that are there, naming them, and changes nothing', () =>
    withBench(itemsSeed(100), async (bench) => {
      await bench.run(storePlan([itemTable]));
      const before = await bench.target.dump();
      await assert.rejects(bench.run(storePlan([itemTable])), (error) => {
        assert.ok(error instanceof MigrationError);
        assert.equal(error.code, 'table-exists');
        assert.match(error.message, /public\.item/);
        return true;
      });
      assert.equal(await bench.target.dump(), before);
    }));
});

function rollBack(bench: Bench, runId: string | null, purge: boolean): Promise<RollBackResult> {
  return rollBackRun({ runId: String(runId), target: bench.choice, purge, signal: new AbortController().signal }, bench.deps);
}
