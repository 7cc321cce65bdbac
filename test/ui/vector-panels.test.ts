import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { atWorkbench, patience } from '../helpers/at-workbench.ts';
import { postgresUiTarget, type UiTarget } from '../helpers/ui-target.ts';
import type { Workbench } from '../helpers/workbench.ts';

/** Rows 1 and 2 are near to each other, 1 and 3 the same, 5 is zero, 6 has no vector. */
const tables = (
  owner: string,
): string => `CREATE TABLE public.reports (id int PRIMARY KEY, title text NOT NULL, category text, embedding vector(3));
  INSERT INTO public.reports VALUES (1, 'Flooded shops after main broke', 'water', '[1,0,0]'), (2, 'Shops flooded, main pipe broken', 'water', '[0.999,0.04,0]'),
    (3, 'Flooded shops after main broke', 'water', '[1,0,0]'), (4, 'Street light out at Gate B', 'lights', '[0,1,0]'), (5, '', 'none', '[0,0,0]'),
    (6, 'Not embedded yet', 'none', NULL);
  ALTER TABLE public.reports OWNER TO "${owner}";
  SELECT 1 AS value`;

describe('near-duplicates and vector health as a user', function () {
  this.timeout(300_000);
  let target: UiTarget;
  let workbench: Workbench;

  atWorkbench(
    {
      name: 'vector-panels',
      sample: false,
      async prepare(context) {
        target = await postgresUiTarget(context);
        await target.ask(tables(new URL(target.environment['DATABASE_URL']!).username));
        return { env: {} };
      },
      // The Target view shows a whole table.
      workbench: { viewport: { width: 1400, height: 1100 } },
      remove: () => target?.remove(),
    },
    (setting) => void ({ workbench } = setting),
  );

  const clear = (): Promise<void> => workbench.runCommand('Notifications: Clear All Notifications');
  const written = (): Promise<readonly string[]> =>
    target.ask(
      `SELECT report_id || '-' || related_report_id || ' ' || round(similarity_score::numeric, 3) AS value FROM public.related_reports ORDER BY 1`,
    );

  it('connects to a protected target', async () => {
    await workbench.openView('Sluice');
    await workbench.runCommand('Sluice: Connect Target…');
    await workbench.pick('New connection…');
    await workbench.type(target.environment['DATABASE_URL']!);
    await workbench.page.getByText('New connection (2 of 3)').waitFor();
    await workbench.type('production');
    await workbench.page.getByText('New connection (3 of 3)').waitFor();
    await workbench.pick('Protected');
    await workbench.toast(/production is ready/, patience);
    await clear();
  });

  it('finds near-duplicates from the palette, and shows both rows of each', async () => {
    await workbench.runCommand('Sluice: Find Near-Duplicates');
    const panel = await workbench.panel('reports.embedding: Near-Duplicates');
    const pairs = panel.getByRole('listbox', { name: 'Pairs of near-duplicate rows' });
    await pairs.waitFor({ timeout: patience });
    assert.equal(await pairs.getByRole('option').count(), 3);
    assert.match(
      await pairs.getByRole('option').first().innerText(),
      /Flooded shops after main broke.*Flooded shops after main broke.*1\.000/s,
    );
    await panel.getByText('every pair compared').waitFor();
    await panel.getByText('1 zero vector left out').waitFor();
    await panel.getByRole('row', { name: /^title/ }).waitFor();
    await workbench.screenshot('duplicates-dark');
  });

  it('writes them into a table only after the name of the target is typed', async () => {
    const panel = await workbench.panel('reports.embedding: Near-Duplicates');
    await panel.getByRole('button', { name: 'Write to Table…' }).click();
    await panel.getByText('public.related_reports is made').first().waitFor({ timeout: patience });
    assert.match(await panel.locator('.sql-text').innerText(), /CREATE TABLE "public"\."related_reports"/);
    await panel.getByRole('button', { name: 'Write 3 Pairs' }).click();
    await workbench.page.getByText('production is protected').waitFor();
    await workbench.page.keyboard.press('Escape');
    await panel.getByText('Nothing was written.').waitFor();
    assert.deepEqual(await target.ask(`SELECT count(*) AS value FROM pg_catalog.pg_tables WHERE tablename = 'related_reports'`), ['0']);
    await write(panel.getByRole('button', { name: 'Write to Table…' }), panel.getByRole('button', { name: 'Write 3 Pairs' }));
    await panel.getByText('3 pairs written into public.related_reports.').waitFor({ timeout: patience });
    assert.deepEqual(await written(), ['1-2 0.999', '1-3 1.000', '2-3 0.999']);
  });

  it('has nothing to change the second time', async () => {
    const panel = await workbench.panel('reports.embedding: Near-Duplicates');
    await write(panel.getByRole('button', { name: 'Write to Table…' }), panel.getByRole('button', { name: 'Write 3 Pairs' }));
    await panel.getByText('Nothing to change: 3 pairs are in public.related_reports already.').waitFor({ timeout: patience });
    assert.equal((await written()).length, 3);
  });

  it('leads by keys to the neighbours of a row, and to both rows', async () => {
    const panel = await workbench.panel('reports.embedding: Near-Duplicates');
    await panel.getByRole('listbox').focus();
    await workbench.page.keyboard.press('ArrowDown');
    await workbench.page.keyboard.press('ArrowRight');
    await workbench.page.keyboard.press('Enter');
    const neighbours = await workbench.panel('reports.embedding: Neighbours');
    await neighbours.getByRole('listbox', { name: /^Exact/ }).waitFor({ timeout: patience });
    await workbench.editorTab('reports.embedding: Near-Duplicates').click();
    const again = await workbench.panel('reports.embedding: Near-Duplicates');
    await again.getByRole('listbox').focus();
    await workbench.page.keyboard.press('o');
    const rows = await workbench.panel(/reports: Rows/);
    await rows.getByRole('gridcell', { name: 'Flooded shops after main broke' }).first().waitFor({ timeout: patience });
    assert.equal(await rows.getByRole('gridcell', { name: 'Street light out at Gate B' }).count(), 0);
  });

  it('checks health from the entry of the column, with rows that lead to theirs', async () => {
    await workbench.runCommand('Sluice: Focus on Target View');
    await workbench.expand(/^production/);
    await workbench.expand(/^public/);
    await workbench.expand(/^reports/);
    await workbench.contextMenu(/^embedding/, 'Check Vector Health');
    const panel = await workbench.panel('reports.embedding: Vector Health');
    await panel.getByRole('heading', { name: 'No problem, 4 warnings' }).waitFor({ timeout: patience });
    const row = (name: string): Locator => panel.getByRole('row', { name: new RegExp(`^${name}`) });
    assert.match(await row('Zero vectors').innerText(), /warning\s+1/);
    assert.match(await row('Equal vectors').innerText(), /warning\s+2/);
    assert.match(await row('Constant dimensions').innerText(), /warning\s+1/);
    assert.match(await row('Missing vectors').innerText(), /warning\s+1/);
    await workbench.screenshot('health-dark');
    await panel.getByRole('link', { name: 'Open the row 5: Zero vectors' }).click();
    const rows = await workbench.panel(/reports: Rows/);
    await rows.getByRole('gridcell', { name: 'none' }).first().waitFor({ timeout: patience });
    assert.equal(await rows.getByRole('gridcell', { name: 'lights' }).count(), 0);
  });

  it('comes back after a reload of the window', async () => {
    // Titles stand in nothing but the tabs that are stored; ids also in what the editor keeps of the manifest.
    await workbench.untilRemembered('reports.embedding: Vector Health', 'reports.embedding: Near-Duplicates');
    await workbench.reload();
    // Which tab was in front may not have been written down yet.
    await workbench.editorTab('reports.embedding: Vector Health').click();
    const panel = await workbench.panel('reports.embedding: Vector Health');
    await panel.getByRole('heading', { name: 'No problem, 4 warnings' }).waitFor({ timeout: patience });
  });

  it('looks like the rest of the editor in light and high contrast', async () => {
    for (const theme of ['light', 'hc-dark'] as const) {
      await workbench.setTheme(theme);
      await workbench.editorTab('reports.embedding: Vector Health').click();
      await (
        await workbench.panel('reports.embedding: Vector Health')
      )
        .getByRole('heading', { name: /warnings/ })
        .waitFor({ timeout: patience });
      await workbench.screenshot(`health-${theme}`);
      await workbench.editorTab('reports.embedding: Near-Duplicates').click();
      await (await workbench.panel('reports.embedding: Near-Duplicates')).getByRole('listbox').waitFor({ timeout: patience });
      await workbench.screenshot(`duplicates-${theme}`);
    }
    assert.deepEqual(workbench.cspViolations(), []);
  });

  async function write(look: Locator, button: Locator): Promise<void> {
    await look.click();
    await button.click({ timeout: patience });
    await workbench.page.getByText('production is protected').waitFor();
    await workbench.type('production');
  }
});
