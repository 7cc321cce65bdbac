import assert from 'node:assert/strict';
import { atWorkbench } from '../helpers/at-workbench.ts';
import type { Workbench } from '../helpers/workbench.ts';

describe('the workbench with the extension', () => {
  let workbench: Workbench;

  atWorkbench({ name: 'workbench' }, (setting) => void ({ workbench } = setting));

  it('opens the folder', async () => {
    await workbench.treeItem('widget-tdc.db').waitFor();
  });

  it('shows Sluice in the activity bar', async () => {
    await workbench.openView('Sluice');
    assert.equal(await workbench.page.locator('.activitybar').getByRole('tab', { name: 'Sluice' }).count(), 1);
    await workbench.screenshot('workbench-dark');
  });

  it('offers the commands in the palette', async () => {
    await workbench.page.keyboard.press('F1');
    await workbench.page.locator('.quick-input-box input').first().fill('>Sluice: Plan');
    await workbench.page.getByRole('option', { name: /^Sluice: Plan Migration/ }).waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('changes its theme', async () => {
    for (const theme of ['light', 'hc-dark', 'hc-light', 'dark'] as const) await workbench.setTheme(theme);
  });
});
