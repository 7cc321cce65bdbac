import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireEditor, startEditor, type Editor } from '../helpers/editor.ts';
import { copySample } from '../helpers/sample-workspace.ts';
import { openWorkbench, type Workbench } from '../helpers/workbench.ts';

describe('the workbench with the extension', () => {
  let folder: string;
  let editor: Editor | undefined;
  let workbench: Workbench;

  before(async function () {
    requireEditor(this);
    folder = mkdtempSync(join(tmpdir(), 'sluice-ui-'));
    copySample(folder);
    editor = await startEditor({ folder, extension: 'linked' });
    workbench = await openWorkbench(editor);
  });

  after(async () => {
    await workbench?.close();
    await editor?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

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
    await workbench.page.locator('.quick-input-box input').first().fill('>Sluice: ');
    await workbench.page.getByRole('option', { name: /^Sluice: Plan Migration/ }).waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('changes its theme', async () => {
    for (const theme of ['light', 'hc-dark', 'hc-light', 'dark'] as const) await workbench.setTheme(theme);
  });
});
