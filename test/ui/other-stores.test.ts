import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atWorkbench, patience } from '../helpers/at-workbench.ts';
import { inDuckDb } from '../helpers/duckdb.ts';
import { projectRoot } from '../helpers/run-cli.ts';
import { startRun } from '../helpers/ui-run.ts';
import { postgresUiTarget, type UiTarget } from '../helpers/ui-target.ts';
import type { Workbench } from '../helpers/workbench.ts';

const people = 'id;name;joined\n1;Ünal;2024-01-02\n2;"Smith; Jo";2024-02-03\n3;;2024-03-04\n';

const calls = `CREATE TYPE kind AS ENUM ('short', 'long'); CREATE TABLE call (id BIGINT PRIMARY KEY, kind kind, tags VARCHAR[]);
  INSERT INTO call VALUES (1, 'long', ['a', NULL]), (2, 'short', []), (3, NULL, NULL);
  COPY call TO '{folder}/archive.parquet'`;

describe('stores of other kinds as a user', function () {
  this.timeout(240_000);
  let target: UiTarget;
  let workbench: Workbench;

  atWorkbench(
    {
      name: 'other-stores',
      sample: false,
      async prepare(context, { folder }) {
        writeFileSync(join(folder, 'people.csv'), people);
        cpSync(join(projectRoot, 'samples/dira/main.session'), join(folder, 'main.session'));
        mkdirSync(join(folder, 'sales'));
        writeFileSync(join(folder, 'sales', '2023.csv'), 'id,amount\n1,10\n2,20\n');
        writeFileSync(join(folder, 'sales', '2024.csv'), 'amount;id\n30,5;3\n');
        await inDuckDb(join(folder, 'calls.duckdb'), async (connection) => {
          for (const sql of calls.replace('{folder}', folder).split(';')) await connection.run(sql);
        });
        target = await postgresUiTarget(context);
        const sources = { main: { kind: 'delimited', path: 'people.csv' } };
        const columns = [
          { from: 'id', to: 'id', type: 'bigint', nullable: false },
          { from: 'name', to: 'name', type: 'text' },
          { from: 'joined', to: 'joined', type: 'date' },
        ];
        const tables = [{ source: 'main', from: 'people', to: 'people', columns, primaryKey: ['id'] }];
        const plan = { version: 1, name: 'people', sources, target: { profile: target.profile }, tables };
        writeFileSync(join(folder, 'people.sluice.json'), JSON.stringify(plan, null, 2));
        return { env: target.environment };
      },
      until: /people\.csv/,
      remove: () => target?.remove(),
    },
    (setting) => void ({ workbench } = setting),
  );

  it('the sidebar tells what each of them is', async () => {
    await workbench.treeItem(/people\.csv.*1 table/).waitFor({ timeout: patience });
    await workbench.treeItem(/calls\.duckdb.*DuckDB.*1 table/).waitFor({ timeout: patience });
    await workbench.treeItem(/archive\.parquet.*Parquet.*1 table/).waitFor({ timeout: patience });
    await workbench.treeItem(/main\.session.*Jac/).waitFor({ timeout: patience });
    await workbench.screenshot('other-stores-dark');
  });

  for (const [store, table, cell] of [
    [/people\.csv/, 'people', 'Smith; Jo'],
    [/calls\.duckdb/, 'call', 'long'],
    [/archive\.parquet/, 'archive', 'long'],
  ] as const) {
    it(`shows the rows of ${String(store)}`, async () => {
      await workbench.expand(store);
      await workbench.contextMenu(new RegExp(`^${table}, 3 rows`), 'Open Rows');
      const rows = await workbench.panel(new RegExp(`^${table}: Rows`));
      await rows.getByRole('gridcell', { name: cell, exact: true }).waitFor({ timeout: patience });
      await workbench.runCommand('View: Close All Editors');
      // Collapsed again, so that the others stay in sight.
      await workbench.treeItem(store).click();
    });
  }

  it('a folder is added from the Explorer, and its files are one table', async () => {
    await workbench.runCommand('View: Show Explorer');
    await workbench.contextMenu(/^sales/, 'Add Source…');
    await workbench.treeItem(/^sales.*1 table/).waitFor({ timeout: patience });
    await workbench.expand(/^sales.*1 table/);
    await workbench.contextMenu(/^sales, 3 rows/, 'Open Rows');
    const rows = await workbench.panel(/^sales: Rows/);
    await rows.getByRole('gridcell', { name: '30,5', exact: true }).waitFor({ timeout: patience });
    await workbench.screenshot('folder-of-files-dark');
  });

  it('the nodes of a Jac session are tables', async () => {
    await workbench.expand(/^main\.session/);
    await workbench.contextMenu(/^node Organisation, 6 rows/, 'Open Rows');
    const rows = await workbench.panel(/^node Organisation: Rows/);
    await rows.getByRole('gridcell', { name: 'Water & Sewerage', exact: true }).waitFor({ timeout: patience });
    await workbench.screenshot('jac-rows-dark');
  });

  it('migrates delimited text, every cell', async () => {
    await startRun(workbench, 'people');
    assert.match(await workbench.toast(/rows arrived/, patience), /3 rows arrived/);
    assert.deepEqual(await target.ask(`SELECT id || ':' || coalesce(name, '-') || ':' || joined AS value FROM public.people ORDER BY id`), [
      '1:Ünal:2024-01-02',
      '2:Smith; Jo:2024-02-03',
      '3:-:2024-03-04',
    ]);
  });
});
