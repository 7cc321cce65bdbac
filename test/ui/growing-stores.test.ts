import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import { atWorkbench, patience } from '../helpers/at-workbench.ts';
import { startRun } from '../helpers/ui-run.ts';
import { postgresUiTarget, type UiTarget } from '../helpers/ui-target.ts';
import type { Workbench } from '../helpers/workbench.ts';

describe('several stores that grow, as a user', function () {
  this.timeout(240_000);
  let target: UiTarget;
  let workbench: Workbench;
  let folder: string;

  atWorkbench(
    {
      name: 'growing-stores',
      sample: false,
      async prepare(context, places) {
        ({ folder } = places);
        writeFileSync(join(folder, 'people.csv'), 'id,name\n1,Ann\n2,Ben\n3,Cem\n');
        writeFileSync(join(folder, 'talks.ndjson'), '{"id": "a", "title": "Opening"}\n{"id": "b", "title": "Closing"}\n');
        target = await postgresUiTarget(context);
        return { env: target.environment };
      },
      until: /people\.csv/,
      remove: () => target?.remove(),
    },
    (setting) => void ({ workbench } = setting),
  );

  it('one plan is made for all stores that are selected', async () => {
    await workbench.treeItem(/talks\.ndjson.*1 table/).waitFor({ timeout: patience });
    await workbench.treeItem(/people\.csv.*1 table/).click();
    await workbench.treeItem(/talks\.ndjson.*1 table/).click({ modifiers: ['ControlOrMeta'] });
    await workbench.screenshot('several-stores-selected-dark');
    await workbench.contextMenu(/talks\.ndjson.*1 table/, 'Plan Migration');
    await workbench.editorTab(/people\.sluice\.json/).waitFor({ timeout: patience });
    const plan = readPlan();
    assert.deepEqual(
      Object.values(plan.sources)
        .map(({ kind, path }) => `${kind} ${String(path)}`)
        .toSorted(),
      ['delimited people.csv', 'json talks.ndjson'],
    );
    assert.deepEqual(plan.tables.map(({ to }) => to).toSorted(), ['people', 'talks']);
    await workbench.screenshot('plan-of-several-stores-dark');
  });

  it('mode sync writes what is new and changed alone, and says what it found', async () => {
    const plan = readPlan();
    const keyed = plan.tables.map((table) => ({
      ...table,
      columns: (table.columns ?? []).map((column) => (column.to === 'id' ? { ...column, nullable: false } : column)),
      primaryKey: ['id'],
      incremental: { by: 'hash' } as const,
    }));
    const changed = {
      ...plan,
      target: { ...plan.target, profile: target.profile },
      options: { ...plan.options, mode: 'sync' },
      tables: keyed,
    };
    writeFileSync(planFile(), JSON.stringify(changed, null, 2));
    await startRun(workbench, 'people');
    assert.match(await workbench.toast(/rows arrived/, patience), /people: 5 rows arrived, every cell compared/);

    writeFileSync(join(folder, 'people.csv'), 'id,name\n1,Ann\n2,Bea\n4,Dan\n');
    await startRun(workbench, 'people');
    const said = await workbench.toast(/new or changed/, patience);
    assert.match(said, /people: 2 rows are new or changed, 3 unchanged, 1 gone from the source and kept, every cell compared/);
    assert.deepEqual(await target.ask(`SELECT id || ' ' || name AS value FROM public.people ORDER BY id`), [
      '1 Ann',
      '2 Bea',
      '3 Cem',
      '4 Dan',
    ]);
    await workbench.treeItem(/people.*2 rows.*1 unchanged.*1 gone from the source/).waitFor({ timeout: patience });
    await workbench.screenshot('sync-run-dark');
    await workbench.setTheme('light');
    await workbench.screenshot('sync-run-light');
  });

  const planFile = (): string => join(folder, 'people.sluice.json');
  const readPlan = (): PlanInput => JSON.parse(readFileSync(planFile(), 'utf8')) as PlanInput;
});
