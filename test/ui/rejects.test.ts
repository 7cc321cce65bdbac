import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atWorkbench, patience, sampleEntry } from '../helpers/at-workbench.ts';
import { startRun } from '../helpers/ui-run.ts';
import { postgresUiTarget, type UiTarget } from '../helpers/ui-target.ts';
import { strictRejects } from '../helpers/widgettdc.ts';
import type { Workbench } from '../helpers/workbench.ts';

const name = 'widgettdc-strict';

describe('rejected rows as a user', function () {
  this.timeout(240_000);
  let file: string;
  let target: UiTarget;
  let workbench: Workbench;

  atWorkbench(
    {
      name: 'rejects',
      async prepare(context, { folder }) {
        target = await postgresUiTarget(context);
        file = join(folder, `${name}.sluice.json`);
        const plan = readFileSync(join(import.meta.dirname, `../../samples/widgettdc/${name}.sluice.json`), 'utf8');
        const quarantined = `"profile": "${target.profile}", "schema": "public" },\n  "options": { "onReject": "quarantine" },`;
        writeFileSync(file, plan.replace('"profile": "embedded", "schema": "public" },', quarantined));
        return { env: target.environment };
      },
      workbench: { viewport: { width: 1600, height: 1000 } },
      until: sampleEntry,
      remove: () => target?.remove(),
    },
    (setting) => void ({ workbench } = setting),
  );

  it('the Runs view lists them below their table, with column, reason and original value', async () => {
    await startRun(workbench, name);
    assert.match(await workbench.toast(/rows arrived/, patience), new RegExp(`${strictRejects.length} were rejected, every cell compared`));
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('Sluice: Focus on Runs View');
    await workbench.expand(new RegExp(`^${name}, ${strictRejects.length} rejects · partial`));
    await workbench.expand(/^memory_relations, 1,173 rows · .*7 rejects/);
    await workbench.expand(/^7 rejected rows/);
    await workbench.treeItem(/^rowid 50, strength: 12\.5 · .+numeric\(3,2\)/).waitFor({ timeout: patience });
    await workbench.screenshot('rejects-runs-view');
  });

  it('a click opens the row in its source', async () => {
    await workbench.treeItem(/^rowid 50, /).click();
    const rows = await workbench.panel(/memory_relations: Rows/);
    await rows.getByRole('gridcell', { name: '50', exact: true }).first().waitFor({ timeout: patience });
    await rows
      .getByText(/^1 row\b|\b1 of [\d,]+ rows|1 row/)
      .first()
      .waitFor();
    await workbench.screenshot('rejects-row');
  });

  it('Retry Rejected Rows takes the mended plan; a row that a foreign key refuses says so', async () => {
    await mend((plan) => plan.replace('"numeric(3,2)"', '"numeric(6,2)"').replace('"expectedRejects": 7', '"expectedRejects": 0'));
    await workbench.clickAction(new RegExp(`^${name}, 7 rejects`), 'Retry Rejected Rows');
    assert.equal(
      await workbench.toast(/went in/, patience),
      'widgettdc-strict: 6 rows went in, 1 is still rejected; the Runs view says why.',
    );
    await workbench.expand(/^memory_relations, 1,179 rows · .*1 reject/);
    await workbench.expand(/^1 rejected row/);
    await workbench.treeItem(/^rowid 350, .*memory_relations_source_id_fkey/).waitFor({ timeout: patience });
    await workbench.screenshot('rejects-refused');
  });

  it('with the last one the run is done', async () => {
    await mend((plan) => plan.replace('"orphans": "report"', '"orphans": "report", "enforce": false'));
    await workbench.clickAction(new RegExp(`^${name}, 1 reject`), 'Retry Rejected Rows');
    assert.equal(
      await workbench.toast(/went in/, patience),
      'widgettdc-strict: 1 row went in, no row is rejected any more, every cell compared.',
    );
    await workbench.treeItem(new RegExp(`^${name}, 5,305 rows`)).waitFor({ timeout: patience });
    await workbench.screenshot('rejects-retried');
    assert.deepEqual(await target.ask('SELECT status AS value FROM sluice.run'), ['done']);
    assert.deepEqual(await target.ask('SELECT count(*) AS value FROM public.memory_relations'), ['1180']);
  });

  /** As with another editor: the file is written, and the tab shows it. */
  async function mend(change: (plan: string) => string): Promise<void> {
    await workbench.runCommand('Notifications: Clear All Notifications');
    const plan = readFileSync(file, 'utf8');
    assert.notEqual(change(plan), plan);
    writeFileSync(file, change(plan));
    await workbench.editorTab(new RegExp(`${name}\\.sluice\\.json`)).click();
    // The editor hears of a changed file within a second or so.
    await sleep(3_000);
    await workbench.runCommand('Sluice: Focus on Runs View');
  }
});
