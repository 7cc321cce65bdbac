import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRunReport } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { renderMarkdown } from '../../../src/core/report/render-markdown.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan } from '../../helpers/engine.ts';
import { failsWith } from '../../helpers/existing-tables.ts';

function planWith(...parity: NonNullable<PlanInput['parity']>): PlanInput {
  return { ...storePlan([itemTable]), parity };
}

describeOnBothTargets('parity queries', (withBench) => {
  it('to a store without SQL are refused before anything is made', () =>
    withBench('', async (bench) => {
      writeFileSync(join(bench.folder, 'item.csv'), 'id,name,weight\n1,a,2\n');
      const { parity } = planWith({ name: 'count', source: 'SELECT count(*) FROM item', target: 'SELECT count(*) FROM public.item' });
      const plan = { ...storePlan([itemTable]), sources: { main: { kind: 'delimited' as const, path: 'item.csv' } }, parity };
      await assert.rejects(bench.run(plan), failsWith('parity-without-sql', /"count" \(main: delimited\)/));
    }));

  it('are run on both sides, compared and timed; one that differs makes the verification a mismatch', () =>
    withBench(itemsSeed(1_000), async (bench) => {
      const same = {
        name: 'by weight',
        source: 'SELECT CAST(weight AS INTEGER) % 3, count(*), max(name), NULL FROM item GROUP BY 1 ORDER BY 1',
        target: 'SELECT trunc(weight)::int % 3, count(*), max(name COLLATE "C"), NULL FROM public.item GROUP BY 1 ORDER BY 1; ',
      };
      const other = {
        name: 'all',
        source: 'SELECT id FROM item WHERE id < 4 ORDER BY id',
        target: 'SELECT id FROM item WHERE id IN (1, 3) ORDER BY id -- not 2',
      };
      const result = await bench.run(planWith(same, other));
      assert.equal(result.verification.status, 'mismatch');
      assert.deepEqual(
        result.verification.parity?.map(({ name, status, sourceRows, targetRows, differences }) => [
          name,
          status,
          sourceRows,
          targetRows,
          differences,
        ]),
        [
          ['by weight', 'match', 3, 3, []],
          [
            'all',
            'mismatch',
            3,
            2,
            [
              { row: 2, source: ['2'], target: ['3'] },
              { row: 3, source: ['3'], target: null },
            ],
          ],
        ],
      );
      for (const check of result.verification.parity ?? []) assert.ok(Number(check.sourceSeconds) >= 0 && Number(check.targetSeconds) > 0);
      const report = renderMarkdown(await readRunReport(bench.choice, String(result.runId), bench.deps));
      assert.match(report, /## Parity queries/);
      assert.match(report, /\| all +\| MISMATCH +\| +3 \| +2 \|/);
    }));

  it('that all agree leave a match', () =>
    withBench(itemsSeed(10), async (bench) => {
      const result = await bench.run(planWith({ name: 'n', source: 'SELECT count(*) FROM item', target: 'SELECT count(*) FROM item' }));
      assert.equal(result.verification.status, 'match');
    }));

  it('that would write, or say two things, are refused, change nothing and prove nothing', () =>
    withBench(itemsSeed(10), async (bench) => {
      const source = 'SELECT 1';
      const result = await bench.run(
        planWith(
          { name: 'writes', source, target: 'DELETE FROM public.item RETURNING 1' },
          { name: 'two', source, target: 'SELECT 1) AS a WHERE $1::boolean; DELETE FROM public.item; SELECT (1' },
          { name: 'hidden', source, target: `SELECT nextval('public.item_id_seq')` },
          { name: 'store', source: 'DELETE FROM item', target: 'SELECT 1' },
        ),
      );
      assert.deepEqual(
        result.verification.parity?.map(({ status }) => status),
        ['failed', 'failed', 'failed', 'failed'],
      );
      assert.ok(result.verification.parity?.every(({ message }) => message !== null && message !== ''));
      assert.equal(result.verification.status, 'mismatch');
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), ['10']);
    }));

  it('keep no values where values are redacted, and are skipped where only some tables are run', () =>
    withBench(itemsSeed(10), async (bench) => {
      const plan = planWith(
        { name: 'secret', source: `SELECT 'hush'`, target: `SELECT 'hash'` },
        { name: 'refused', source: 'SELECT 1', target: `SELECT 'hush'::int` },
      );
      const redacted = await bench.run(plan, { redactValues: true, overrides: { redactValues: true } });
      assert.ok(!JSON.stringify(redacted).includes('hush'));
      assert.deepEqual(
        redacted.verification.parity?.map(({ status }) => status),
        ['mismatch', 'failed'],
      );
      const part = await bench.run(plan, { overrides: { schema: 'part', tables: ['item'] } });
      assert.deepEqual(
        part.verification.parity?.map(({ status }) => status),
        ['skipped', 'skipped'],
      );
      assert.equal(part.verification.status, 'match');
    }));
});
