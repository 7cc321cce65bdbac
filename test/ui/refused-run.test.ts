import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atWorkbench, patience, sampleEntry } from '../helpers/at-workbench.ts';
import { startRun } from '../helpers/ui-run.ts';
import { postgresUiTarget, type UiTarget } from '../helpers/ui-target.ts';
import { strictRejects } from '../helpers/widgettdc.ts';
import type { Workbench } from '../helpers/workbench.ts';

const name = 'widgettdc-strict';

describe('a run that is refused before it begins', function () {
  this.timeout(180_000);
  let target: UiTarget;
  let workbench: Workbench;

  atWorkbench(
    {
      name: 'refused-run',
      async prepare(context, { folder }) {
        target = await postgresUiTarget(context);
        const plan = readFileSync(join(import.meta.dirname, `../../samples/widgettdc/${name}.sluice.json`), 'utf8');
        writeFileSync(join(folder, `${name}.sluice.json`), plan.replace('"profile": "embedded"', `"profile": "${target.profile}"`));
        return { env: target.environment };
      },
      until: sampleEntry,
      remove: () => target?.remove(),
    },
    (setting) => void ({ workbench } = setting),
  );

  it('says once which rows do not fit and what to do', async () => {
    await startRun(workbench, name);
    const message = await workbench.toast(/failed/, patience);
    assert.match(
      message,
      new RegExp(`^${name} failed\\. ${strictRejects.length} rows cannot be converted as the plan says, so nothing was written\\.`),
    );
    assert.match(message, /memory_relations\.strength: 7 of [\d,]+ rows/);
    assert.match(message, /Widen the types in the plan/);
    const toasts = workbench.page.locator('.notifications-toasts .notification-toast');
    // The editor shows a notification of progress for 0.8 s at least, also when the work is over before.
    await toasts.filter({ hasText: `Running ${name}` }).waitFor({ state: 'hidden' });
    assert.equal(await toasts.count(), 1);
    assert.ok(!/Resume|Roll Back/.test(await workbench.page.locator('.notifications-toasts').innerText()), 'there is nothing to resume');
    await workbench.treeItem(new RegExp(`^${name}, failed`)).waitFor();
  });

  it('shows the expected rejects in Problems', async () => {
    await workbench.runCommand('Problems: Focus on Problems View');
    await workbench.treeItem(/values do not fit numeric\(3,2\).*The run refuses before anything is created/).waitFor();
  });

  it('left nothing in the target', async () => {
    assert.equal(await target.tables(), 0);
    assert.deepEqual(await target.ask(`SELECT nspname AS value FROM pg_catalog.pg_namespace WHERE nspname = 'sluice'`), []);
  });
});
