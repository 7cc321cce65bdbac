import assert from 'node:assert/strict';
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  compareRows,
  planStores,
  readRunReport,
  retryRejects,
  verifyMigration,
  listRejects,
  BrowseSession,
} from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { renderMarkdown } from '../../../src/core/report/render-markdown.ts';
import { describeOnBothTargets, type Bench } from '../../helpers/engine.ts';
import { ask, failsWith, rollBack } from '../../helpers/existing-tables.ts';
import { accountTable, itemTables, layStores, runStores, storesPlan, systemTable, systemsSeed } from '../../helpers/many-stores.ts';
import { photograph } from '../../helpers/photograph.ts';

const never = (): AbortSignal => new AbortController().signal;

describeOnBothTargets('a plan with several stores', (withBench) => {
  const withStores = (work: (bench: Bench) => Promise<void>): Promise<void> =>
    withBench(systemsSeed, async (bench) => {
      await layStores(bench.folder);
      await work(bench);
    });

  it('loads each table from its own, checks keys between them, backs all of them up, and tells each in result, verification and report', () =>
    withStores(async (bench) => {
      const before = await photograph(bench.folder);
      const parity: PlanInput['parity'] = [
        { name: 'systems', on: 'meta', source: 'SELECT code FROM system ORDER BY 1', target: 'SELECT code FROM system ORDER BY 1' },
        { name: 'items', on: 'facts', source: 'SELECT count(*) FROM item', target: 'SELECT count(*) FROM facts_item' },
      ];
      const backup = join(bench.folder, 'kept');
      const result = await runStores(bench, storesPlan({ parity }), { backup });
      assert.equal(result.verification.status, 'match', JSON.stringify(result.verification));
      assert.deepEqual(
        result.sources,
        Object.fromEntries(
          [
            ['meta', 'store.db'],
            ['accounts', 'accounts.csv'],
            ['facts', 'facts.duckdb'],
            ['days', 'days.parquet'],
          ].map(([name, file]) => [name, join(bench.folder, String(file))]),
        ),
      );
      assert.deepEqual(
        result.tables.map(({ source, from, to, rowsWritten }) => [source, from, to, rowsWritten]),
        [
          ['meta', 'system', 'public.system', 3],
          ['accounts', 'accounts', 'public.account', 3],
          ['days', 'days', 'public.day', 6],
          ['meta', 'item', 'public.item', 2],
          ['facts', 'item', 'public.facts_item', 3],
        ],
      );
      assert.deepEqual(
        result.orphans?.map(({ table, total, rows }) => [table, total, rows.map(({ key }) => key)]),
        [['public.account', '1', [['3']]]].map(([table, total, keys]) => [table, Number(total), keys]),
      );
      assert.deepEqual(
        result.backups.map(({ source }) => source),
        ['meta', 'accounts', 'facts', 'days'],
      );
      assert.deepEqual(
        result.verification.parity?.map(({ status }) => status),
        ['match', 'match'],
      );
      const report = renderMarkdown(await readRunReport(bench.choice, String(result.runId), bench.deps));
      for (const file of ['store.db', 'accounts.csv', 'facts.duckdb', 'days.parquet']) assert.ok(report.includes(file), file);
      const again = await verifyMigration(
        { input: { kind: 'run', runId: String(result.runId) }, target: bench.choice, signal: never() },
        bench.deps,
      );
      assert.equal(again.status, 'match');
      rmSync(backup, { recursive: true });
      rmSync(join(bench.folder, 'stores.sluice.json'));
      // Plan and backup were made beside the stores, by which the folder's own time is another.
      assert.deepEqual((await photograph(bench.folder)).slice(1), before.slice(1), 'no store was touched');
      const undone = await rollBack(bench, result.runId, true);
      assert.equal(undone.dropped.filter((name) => name.startsWith('table ')).length, 5);
    })).timeout(240_000);

  it('sets rows aside whose parent is in no other store, with those that refer to them, and takes them in again', () =>
    withStores(async (bench) => {
      const quarantined = (tables: PlanInput['tables']): PlanInput['tables'] =>
        tables.map((table) => ({
          ...table,
          foreignKeys: (table.foreignKeys ?? []).map((key) => ({ ...key, orphans: 'quarantine' as const })),
        }));
      const { sources } = storesPlan();
      writeFileSync(join(bench.folder, 'more.csv'), 'id,system,owner\n');
      const accounts = { kind: 'delimited', path: ['accounts.csv', 'more.csv'] } as const;
      const plan = storesPlan({
        sources: { ...sources, accounts: { ...accounts, path: [...accounts.path] } },
        options: { onReject: 'quarantine' },
      });
      const result = await runStores(bench, { ...plan, tables: quarantined(plan.tables) });
      assert.equal(result.status, 'partial');
      assert.equal(result.verification.status, 'match');
      const { rejects } = await listRejects({ runId: String(result.runId), target: bench.choice }, bench.deps);
      assert.deepEqual(rejects.map(({ table, code }) => `${table} ${code}`).toSorted(), [
        'public.account orphan',
        'public.day orphan',
        'public.day orphan',
      ]);
      const runId = String(result.runId);
      const mended = { text: JSON.stringify(plan), path: join(bench.folder, 'stores.sluice.json') };
      const retried = await retryRejects({ runId, target: bench.choice, plan: mended, signal: never() }, bench.deps);
      assert.equal(retried.retried, 3);
      assert.equal(retried.result.verification.status, 'match');
    }));

  it('takes keys that go round between two stores', () =>
    withStores(async (bench) => {
      writeFileSync(join(bench.folder, 'accounts.csv'), 'id,system,owner\n1,a,Ann\n2,b,Bob\n');
      const circle = { ...systemTable, foreignKeys: [{ columns: ['main_account'], references: 'account', referencesColumns: ['id'] }] };
      const plan = storesPlan({ tables: [accountTable, circle] });
      const result = await runStores(bench, plan);
      assert.deepEqual([result.verification.status, result.warnings], ['match', []]);
      const [keys] = await ask(
        bench,
        `SELECT conname || convalidated FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1`,
      );
      assert.deepEqual(keys, ['account_system_fkeytrue', 'system_main_account_fkeytrue']);
      const appended = await runStores(bench, { ...plan, options: { mode: 'replace' } });
      assert.equal(appended.verification.status, 'match');
    }));

  it('names the store that is stale, gone or of another kind, and creates nothing then', () =>
    withStores(async (bench) => {
      const { plan } = await planStores(
        {
          locations: ['store.db', 'accounts.csv'].map((file) => join(bench.folder, file)),
          directory: bench.folder,
          targetProfile: 'embedded',
          options: {},
          signal: never(),
        },
        bench.deps,
      );
      writeFileSync(join(bench.folder, 'accounts.csv'), 'id,system,owner\n1,a,Ann\n');
      await assert.rejects(runStores(bench, plan), failsWith('stale-plan', /accounts/, /accounts\.csv/));
      renameSync(join(bench.folder, 'facts.duckdb'), join(bench.folder, 'elsewhere'));
      await assert.rejects(runStores(bench, storesPlan()), (error) => /facts\.duckdb/.test(String(error)));
      renameSync(join(bench.folder, 'accounts.csv'), join(bench.folder, 'facts.duckdb'));
      await assert.rejects(
        runStores(bench, storesPlan({ tables: itemTables.map((table) => ({ ...table, foreignKeys: [] })) })),
        failsWith('wrong-store-kind', /Source facts/),
      );
      assert.deepEqual(await ask(bench, `SELECT 1 FROM pg_namespace WHERE nspname = 'sluice'`), [[]]);
    }));

  it('is compared table by table, each with its own store, and one store may have two names', () =>
    withStores(async (bench) => {
      const [own] = itemTables;
      assert.ok(own);
      const plan = storesPlan({
        sources: { ...storesPlan().sources, twin: { kind: 'sqlite', path: 'store.db' } },
        tables: [...storesPlan().tables, { ...own, source: 'twin', to: 'twin_item' }],
      });
      const { runId, verification, sources } = await runStores(bench, plan);
      assert.equal(verification.status, 'match');
      assert.equal(sources['twin'], sources['meta']);
      const session = new BrowseSession(bench.deps);
      try {
        await ask(bench, `UPDATE facts_item SET account = 1 WHERE id = 12 RETURNING 1`);
        const input = { kind: 'run', runId: String(runId) } as const;
        const compare = (table: string) => compareRows({ input, target: bench.choice, table, signal: never() }, session);
        const counts = await Promise.all(['facts_item', 'item', 'twin_item'].map(async (table) => (await compare(table)).counts));
        assert.deepEqual(
          counts.map(({ equal, different }) => [equal, different]),
          [
            [2, 1],
            [2, 0],
            [2, 0],
          ],
        );
      } finally {
        await session.close();
      }
    }));

  it('is planned from all of them at once: names by their files, tables of one name told apart, paths relative to the plan', () =>
    withStores(async (bench) => {
      const request = {
        locations: readdirSync(bench.folder)
          .filter((file) => /\.(db|csv|duckdb|parquet)$/.test(file))
          .toSorted()
          .map((file) => join(bench.folder, file)),
        directory: join(bench.folder, 'plans'),
        targetProfile: 'embedded',
        options: {},
        signal: never(),
      };
      const { plan, text, warnings } = await planStores(request, bench.deps);
      assert.equal((await planStores(request, bench.deps)).text, text, 'the same stores give the same plan');
      assert.deepEqual(
        Object.entries(plan.sources).map(([name, { path }]) => [name, path]),
        [
          ['accounts', '../accounts.csv'],
          ['days', '../days.parquet'],
          ['facts', '../facts.duckdb'],
          ['store', '../store.db'],
        ],
      );
      assert.deepEqual(
        plan.tables.map(({ source, to }) => `${source} ${String(to)}`),
        ['accounts accounts', 'days days', 'facts item', 'store system', 'store store_item'],
      );
      const renamed = warnings.find(({ code }) => code === 'renamed');
      assert.match(String(renamed?.message), /item is called store_item in PostgreSQL, because another store has a table of this name/);
      assert.ok(plan.notes?.some((note) => note.includes('store_item')));
    }));
});
