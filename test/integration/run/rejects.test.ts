import assert from 'node:assert/strict';
import { MigrationError, readRunReport } from '../../../src/core/index.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan } from '../../helpers/engine.ts';

describeOnBothTargets('rejects', (withBench) => {
  it('S44 200,000 rows with one bad value in the middle: 199,999 rows and one reject with its place, state partial', () =>
    withBench(`${itemsSeed(200_000)} UPDATE item SET weight = 'heavy' WHERE id = 100000;`, async (bench) => {
      const result = await bench.run(storePlan([itemTable], { onReject: 'quarantine' }));
      assert.equal(result.status, 'partial');
      assert.equal(result.rejects, 1);
      assert.equal(result.verification.status, 'match');
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), ['199999']);
      const report = await readRunReport(bench.choice, String(result.runId), bench.deps);
      assert.deepEqual(
        report.rejects.shown.map(({ table, provenance, column, code, value }) => ({ table, provenance, column, code, value })),
        [{ table: 'public.item', provenance: 'rowid 100000', column: 'weight', code: 'wrong-type', value: 'heavy' }],
      );
    }));

  it('stop refuses before anything is created, with the number and the place of the bad rows', () =>
    withBench(`${itemsSeed(1_000)} UPDATE item SET weight = 'heavy' WHERE id IN (500, 700);`, async (bench) => {
      const before = await bench.target.dump();
      await assert.rejects(bench.run(storePlan([itemTable])), (error) => {
        assert.ok(error instanceof MigrationError);
        assert.equal(error.code, 'rejects-expected');
        assert.equal(error.context['rejects'], 2);
        assert.match(error.message, /rowid 500/);
        return true;
      });
      assert.equal(await bench.target.dump(), before);
    }));

  it('rows that only the server refuses are kept aside, their neighbours are loaded and verified', () =>
    withBench(itemsSeed(5_000), async (bench) => {
      const checked = { ...itemTable, checks: [{ name: 'light', expression: 'weight < 600 AND id % 1000 <> 7' }] };
      const result = await bench.run(storePlan([checked], { onReject: 'quarantine' }));
      // 600 × 8 = 4,800: ids 4,800 to 5,000, and 7, 1007, 2007, 3007, 4007.
      assert.equal(result.rejects, 201 + 5);
      assert.equal(result.status, 'partial');
      assert.equal(result.verification.status, 'match');
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), [String(5_000 - 206)]);
      const report = await readRunReport(bench.choice, String(result.runId), bench.deps);
      assert.ok(report.rejects.shown.some((reject) => reject.provenance === 'rowid 3007' && reject.code === 'server-refused'));
    }));

  it('more rejects than allowed end the run as failed', () =>
    withBench(`${itemsSeed(1_000)} UPDATE item SET weight = 'heavy' WHERE id <= 10;`, async (bench) => {
      await assert.rejects(
        bench.run(storePlan([itemTable], { onReject: 'quarantine', maxRejects: 3 })),
        (error) => error instanceof MigrationError && error.code === 'too-many-rejects',
      );
      assert.deepEqual(await bench.target.query('SELECT status FROM sluice.run'), ['failed']);
    }));

  it('values stay out of the target when they are to be redacted', () =>
    withBench(`${itemsSeed(10)} UPDATE item SET weight = 'heavy' WHERE id = 5;`, async (bench) => {
      await bench.run(storePlan([itemTable], { onReject: 'quarantine' }), { redactValues: true });
      assert.deepEqual(
        await bench.target.query(`SELECT coalesce(raw_value::text, 'none') || ' ' || (message LIKE '%heavy%') FROM sluice.reject`),
        ['none false'],
      );
    }));
});
