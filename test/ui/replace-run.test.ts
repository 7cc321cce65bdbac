import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { atWorkbench, patience } from '../helpers/at-workbench.ts';
import { startRun, writePlan } from '../helpers/ui-run.ts';
import { postgresUiTarget, type UiTarget } from '../helpers/ui-target.ts';
import type { Workbench } from '../helpers/workbench.ts';

const name = 'stock';

describe('a run in mode replace', function () {
  this.timeout(240_000);
  let target: UiTarget;
  let workbench: Workbench;

  atWorkbench(
    {
      name: 'replace-run',
      sample: false,
      async prepare(context, { folder }) {
        const store = new Database(join(folder, `${name}.db`));
        store.exec(`CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO item VALUES (1, 'new'), (2, 'newer')`);
        store.close();
        target = await postgresUiTarget(context);
        await writePlan(folder, name, target, 'public');
        const file = join(folder, `${name}.sluice.json`);
        const plan = JSON.parse(readFileSync(file, 'utf8')) as { options?: Record<string, unknown> };
        writeFileSync(file, JSON.stringify({ ...plan, options: { ...plan.options, mode: 'replace' } }, null, 2));
        // The user of the editor owns the database.
        await target.ask(`CREATE TABLE public.item (id bigint PRIMARY KEY, name text); INSERT INTO public.item VALUES (7, 'mine');
          DO $$ BEGIN EXECUTE format('ALTER TABLE public.item OWNER TO %I', (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database())); END $$`);
        return { env: target.environment };
      },
      until: /stock\.db/,
      remove: () => target?.remove(),
    },
    (setting) => void ({ workbench } = setting),
  );

  it('asks first, says what goes and that it can come back, and does nothing when the answer is no', async () => {
    await startRun(workbench, name);
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor({ timeout: patience });
    const text = (await dialog.innerText()).replaceAll('\u00a0', ' ');
    assert.match(text, /Mode replace deletes all rows of the tables that are there already\./);
    assert.match(text, /Roll Back Run can put them back/);
    await workbench.dialogButton('Cancel');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await workbench.page.locator('.notifications-toasts .notification-toast').count(), 0);
    assert.deepEqual(await items(), ['7 mine']);
    assert.deepEqual(await target.ask(`SELECT nspname AS value FROM pg_catalog.pg_namespace WHERE nspname = 'sluice'`), []);
  });

  it('replaces the rows when the answer is yes', async () => {
    // The plan is open by now.
    await workbench.runCommand('Sluice: Run Migration');
    await workbench.dialogButton('Replace');
    await workbench.toast(/2 rows arrived/, patience);
    assert.deepEqual(await items(), ['1 new', '2 newer']);
  });

  function items(): Promise<readonly string[]> {
    return target.ask(`SELECT id || ' ' || name AS value FROM public.item ORDER BY id`);
  }
});
