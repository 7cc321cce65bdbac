import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { verifyMigration, type RunResult } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { describeOnBothTargets, type Bench } from '../../helpers/engine.ts';
import { ask, execute, failsWith, rollBack } from '../../helpers/existing-tables.ts';
import { layStores, runStores, storesPlan, systemsSeed } from '../../helpers/many-stores.ts';

/** `first` has the parents, `then` the tables that refer to them. */
const first = { overrides: { tables: ['system', 'account'] } };
const then = { overrides: { tables: ['facts_item', 'day', 'rating'] } };

/** An enum and a sequence that both phases use. */
function phasedPlan(): PlanInput {
  const plan = storesPlan({ enums: [{ name: 'mood', values: ['good', 'bad'] }], sequences: [{ name: 'numbers', start: 5 }] });
  const mood = { to: 'mood', type: 'mood', default: { value: 'good' } };
  return {
    ...plan,
    tables: plan.tables.map((table) =>
      table.to === 'account' || table.to === 'day' ? { ...table, columns: [...(table.columns ?? []), mood] } : table,
    ),
    targetOnly: [
      {
        to: 'rating',
        columns: [
          { to: 'id', type: 'bigint', identity: true, nullable: false },
          { to: 'account', type: 'bigint' },
          { to: 'mood', type: 'mood' },
        ],
        primaryKey: ['id'],
        foreignKeys: [{ columns: ['account'], references: 'account', referencesColumns: ['id'] }],
      },
    ],
  };
}

describeOnBothTargets('phases of a plan', (withBench) => {
  const withStores = (work: (bench: Bench) => Promise<void>): Promise<void> =>
    withBench(systemsSeed, async (bench) => {
      await layStores(bench.folder);
      await work(bench);
    });
  const tables = ({ tables: all }: RunResult): readonly string[] => all.map(({ to }) => to);
  const verifyPlan = (bench: Bench, plan: PlanInput) => {
    const input = { kind: 'plan', text: JSON.stringify(plan), path: join(bench.folder, 'stores.sluice.json') } as const;
    return verifyMigration({ input, target: bench.choice, signal: new AbortController().signal }, bench.deps);
  };

  it('run one after the other: later ones keep the rows, make the keys to earlier tables, and are verified and undone by themselves', () =>
    withStores(async (bench) => {
      const plan = phasedPlan();
      const away = ['facts.duckdb', 'days.parquet'];
      for (const file of away) renameSync(join(bench.folder, file), join(bench.folder, `${file}.away`));
      const one = await runStores(bench, plan, first);
      assert.deepEqual(
        [one.verification.status, tables(one), Object.keys(one.sources)],
        ['match', ['public.system', 'public.account'], ['meta', 'accounts']],
      );

      for (const file of away) renameSync(join(bench.folder, `${file}.away`), join(bench.folder, file));
      for (const file of ['accounts.csv', 'store.db']) renameSync(join(bench.folder, file), join(bench.folder, `${file}.away`));
      const two = await runStores(bench, plan, then);
      assert.deepEqual([two.verification.status, tables(two), two.warnings], ['match', ['public.day', 'public.facts_item'], []]);
      for (const file of ['accounts.csv', 'store.db']) renameSync(join(bench.folder, `${file}.away`), join(bench.folder, file));

      const [accounts, keys] = await ask(
        bench,
        'SELECT count(*) FROM account',
        `SELECT conname FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND convalidated ORDER BY 1`,
      );
      assert.deepEqual(accounts, ['3']);
      assert.deepEqual(keys, ['day_account_fkey', 'facts_item_account_fkey', 'rating_account_fkey']);

      const verified = await verifyPlan(bench, plan);
      assert.equal(verified.status, 'match');
      assert.deepEqual(verified.tables.map(({ table }) => table).toSorted(), [
        'public.account',
        'public.day',
        'public.facts_item',
        'public.system',
      ]);
      await execute(bench, `UPDATE account SET owner = 'Someone' WHERE id = 2`);
      assert.equal((await verifyPlan(bench, plan)).status, 'mismatch');
      await execute(bench, `UPDATE account SET owner = 'Bob' WHERE id = 2`);

      await assert.rejects(
        runStores(bench, plan),
        (error: unknown) =>
          failsWith('table-exists', /public\.account/)(error) && /--tables item\b/.test((error as { remedy: string }).remedy),
      );
      const blocked = failsWith('roll-back-blocked', /table public\.account/, /_account_fkey of public\./, new RegExp(String(two.runId)));
      await assert.rejects(rollBack(bench, one.runId), blocked);
      await rollBack(bench, two.runId);
      assert.deepEqual(
        await ask(bench, `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`),
        [['account', 'system']],
      );
      assert.equal((await verifyPlan(bench, plan)).status, 'match');
      await rollBack(bench, one.runId, true);
      assert.deepEqual(await ask(bench, `SELECT typname FROM pg_type WHERE typname = 'mood'`), [[]]);
    })).timeout(240_000);

  it('in the other order leave out keys to tables that are not there, and say so; rows of an application stay', () =>
    withStores(async (bench) => {
      const plan = phasedPlan();
      const two = await runStores(bench, plan, { overrides: { tables: ['day', 'rating'] } });
      assert.equal(two.verification.status, 'match');
      assert.deepEqual(
        two.warnings.map(({ code, table }) => [code, table]),
        [
          ['key-left-out', 'public.day'],
          ['key-left-out', 'public.rating'],
        ],
      );
      await execute(bench, `INSERT INTO rating (mood) VALUES ('bad')`);
      await assert.rejects(rollBack(bench, two.runId), failsWith('rows-changed-since', /public\.rating has 1 rows; the run added 0/));
      await execute(bench, 'DELETE FROM rating');
      const only = await runStores(bench, plan, { overrides: { tables: ['system'] } });
      assert.equal(only.status, 'done');
      assert.equal((await rollBack(bench, two.runId)).dropped.filter((name) => name.startsWith('table ')).length, 2);
    }));

  it('resume by what they began with, whatever else has come since', () =>
    withStores(async (bench) => {
      const plan = phasedPlan();
      await runStores(bench, plan, first);
      const stop = new AbortController();
      bench.watch((event) => event.type === 'phase' && event.phase === 'post-data' && stop.abort());
      await assert.rejects(runStores(bench, plan, { ...then, signal: stop.signal }), failsWith('cancelled'));
      bench.watch(() => undefined);
      renameSync(join(bench.folder, 'accounts.csv'), join(bench.folder, 'away'));
      const resumed = await runStores(bench, plan, { resume: true });
      assert.deepEqual(
        [resumed.status, resumed.verification.status, tables(resumed)],
        ['done', 'match', ['public.day', 'public.facts_item']],
      );
      assert.deepEqual(
        await ask(bench, `SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`),
        [['4']],
      );
    }));
});
