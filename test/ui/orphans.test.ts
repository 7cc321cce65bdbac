import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { atWorkbench, patience } from '../helpers/at-workbench.ts';
import { startRun, writePlan } from '../helpers/ui-run.ts';
import { postgresUiTarget, type UiTarget } from '../helpers/ui-target.ts';
import type { Workbench } from '../helpers/workbench.ts';

const name = 'stations';

/** Two readings of stations that are not there, and one whose value is too long. */
const store = `PRAGMA foreign_keys = off; CREATE TABLE station (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE reading (id INTEGER PRIMARY KEY, station INTEGER REFERENCES station (id), unit TEXT);
  INSERT INTO station VALUES (1, 'north'), (2, 'south');
  INSERT INTO reading VALUES (1, 1, 'mm'), (2, 77, 'mm'), (3, 2, 'inches'), (4, 1, 'mm'), (5, 78, 'mm'), (6, NULL, 'mm');`;

describe('rows without a parent as a user', function () {
  this.timeout(240_000);
  let target: UiTarget;
  let workbench: Workbench;

  atWorkbench(
    {
      name: 'orphans',
      sample: false,
      async prepare(context, { folder }) {
        const database = new Database(join(folder, `${name}.db`));
        database.exec(store);
        database.close();
        target = await postgresUiTarget(context);
        await writePlan(folder, name, target, 'public');
        const file = join(folder, `${name}.sluice.json`);
        const plan = JSON.parse(readFileSync(file, 'utf8')) as PlanFile;
        const unit = plan.tables.find(({ to }) => to === 'reading')?.columns.find(({ to }) => to === 'unit');
        assert.ok(unit !== undefined);
        unit.type = 'varchar(4)';
        writeFileSync(file, JSON.stringify({ ...plan, options: { ...plan.options, onReject: 'quarantine' } }, null, 2));
        return { env: target.environment };
      },
      workbench: { viewport: { width: 1400, height: 900 } },
      until: /stations\.db/,
      remove: () => target?.remove(),
    },
    (setting) => void ({ workbench } = setting),
  );

  it('the Runs view lists them below their table, beside the rejects, with the parent that is missing', async () => {
    await startRun(workbench, name);
    assert.match(await workbench.toast(/rows arrived/, patience), /1 was rejected/);
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('Sluice: Focus on Runs View');
    await workbench.expand(new RegExp(`^${name}, 1 reject · partial`));
    await workbench.expand(/^reading, 5 rows · .*1 reject · 2 without a parent/);
    await workbench.expand(/^1 rejected row/);
    await workbench.expand(/^2 rows loaded without a parent/);
    await workbench.treeItem(/^rowid 3, unit: inches · /).waitFor({ timeout: patience });
    await workbench.treeItem(/^rowid 2, station: 77 · no such row in public\.station/).waitFor();
    await workbench.treeItem(/^rowid 5, station: 78 · no such row in public\.station/).waitFor();
    await widenSideBar();
    await workbench.screenshot('runs-dark');
  });

  it('a click opens the row in its source', async () => {
    await workbench.treeItem(/^rowid 5, /).click();
    const rows = await workbench.panel(/reading: Rows/);
    await rows.getByRole('gridcell', { name: '78', exact: true }).waitFor({ timeout: patience });
    assert.equal(await rows.getByRole('gridcell', { name: '77', exact: true }).count(), 0);
    assert.deepEqual(await target.ask('SELECT station AS value FROM public.reading WHERE id IN (2, 5) ORDER BY id'), ['77', '78']);
  });

  /** Until the words of a row can be read. */
  async function widenSideBar(): Promise<void> {
    const { mouse } = workbench.page;
    const { x, width } = (await workbench.page.locator('.part.sidebar').boundingBox())!;
    await mouse.move(x + width, 450);
    await mouse.down();
    await mouse.move(x + width + 260, 450, { steps: 5 });
    await mouse.up();
    // The border between both is marked while the pointer is at it.
    await mouse.move(700, 10);
    await workbench.page.locator('.monaco-sash.hover').waitFor({ state: 'detached' });
  }
});

interface PlanFile {
  readonly tables: readonly { readonly to: string; readonly columns: readonly { readonly to: string; type: string }[] }[];
  readonly options?: Readonly<Record<string, unknown>>;
}
