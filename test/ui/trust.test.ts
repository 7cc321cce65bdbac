import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atWorkbench, patience, sampleEntry } from '../helpers/at-workbench.ts';
import type { Editor } from '../helpers/editor.ts';
import { embeddedProcesses, engineProcesses } from '../helpers/engine-processes.ts';
import type { Workbench } from '../helpers/workbench.ts';

const plan = 'broken.sluice.json';

describe('a workspace that is not trusted', function () {
  this.timeout(240_000);
  let folder: string;
  let editor: Editor;
  let workbench: Workbench;
  let filesBefore: readonly string[];

  atWorkbench(
    {
      name: 'trust',
      prepare(_, places) {
        writeFileSync(join(places.folder, '.env'), 'STAGING_URL=postgresql://app:untrusted-secret@127.0.0.1:9/shop\n');
        writeFileSync(join(places.folder, plan), '{ "version": 1, "tables": "none" }\n');
        // What a repository may try: an embedded database in a place of its choice, and files of ours that it brings along.
        mkdirSync(join(places.folder, '.vscode'));
        writeFileSync(join(places.folder, '.vscode/settings.json'), JSON.stringify({ 'sluice.embedded.directory': 'elsewhere' }));
        filesBefore = readdirSync(places.folder).sort();
        return { askForTrust: true };
      },
    },
    (setting) => void ({ folder, editor, workbench } = setting),
  );

  it('is in restricted mode', async () => {
    await workbench.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
  });

  it('opens no store, reads no .env and starts no process; the views say why', async () => {
    await workbench.openView('Sluice');
    const sidebar = workbench.page.locator('.sidebar');
    await sidebar.getByText('Sluice opens no store and starts no engine until you trust this workspace.').waitFor({ timeout: patience });
    await sidebar.getByText('Targets are shown when this workspace is trusted.').waitFor();
    await sleep(2_000);
    assert.equal(await workbench.page.getByRole('treeitem', { name: /widget-tdc\.db.*tables/ }).count(), 0);
    assert.equal(await workbench.page.getByRole('treeitem', { name: /STAGING_URL|embedded/ }).count(), 0);
    assert.deepEqual(processesOf(editor), []);
  });

  it('checks a plan, and offers nothing above it that runs', async () => {
    await workbench.openView('Explorer');
    await workbench.treeItem(plan).dblclick();
    await workbench.editorTab(plan).waitFor();
    await workbench.runCommand('View: Focus Problems');
    await workbench.page.locator('.markers-panel').getByText('This must be an array.').first().waitFor({ timeout: patience });
    for (const action of ['Diff', 'Preview SQL', 'Run', 'Rows'])
      assert.equal(await workbench.page.locator('.codelens-decoration').getByText(action, { exact: true }).count(), 0, action);
  });

  for (const command of [
    'Plan Migration',
    'Run Migration',
    'Connect Target…',
    'Add Source…',
    'Discover Sources',
    'Open Rows',
    'Restart Engine',
  ])
    it(`refuses ${command}`, async () => {
      await workbench.runCommand('Notifications: Clear All Notifications');
      await workbench.runCommand(`Sluice: ${command}`);
      assert.match(await workbench.toast(/not trusted/), /Trust the workspace first/);
      assert.deepEqual(processesOf(editor), []);
    });

  it('left the folder as it was', () => {
    assert.deepEqual(readdirSync(folder).sort(), filesBefore);
    assert.doesNotMatch(editor.log(), /untrusted-secret/);
  });

  it('shows stores and targets as soon as it is trusted, without a reload', async () => {
    // First, because the page of trust lies over the workbench.
    await workbench.openView('Sluice');
    await workbench.runCommand('Workspaces: Manage Workspace Trust');
    await workbench.page
      .getByRole('button', { name: /^Trust$/ })
      .first()
      .click();
    await workbench.treeItem(sampleEntry).waitFor({ timeout: patience });
    await workbench.treeItem(/STAGING_URL.*not connected/).waitFor({ timeout: patience });
    assert.notDeepEqual(processesOf(editor), []);
    assert.ok(!existsSync(join(folder, 'elsewhere')), 'an embedded database was made by looking');
    assert.doesNotMatch(await workbench.page.innerText('body'), /untrusted-secret/);
  });
});

describe('names that look like markup', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  const name = '[click](command:workbench.action.toggleZenMode) $(bug).db';
  const links = (): Promise<number> => workbench.page.locator('.notifications-toasts a[href^="command:"]').count();

  atWorkbench(
    {
      name: 'names',
      sample: false,
      prepare(_, { folder }) {
        writeFileSync(join(folder, name), 'not a store at all');
        return {};
      },
    },
    (setting) => void ({ workbench } = setting),
  );

  it('are text in the notification of an error, and no link that runs a command', async () => {
    await workbench.contextMenu(/click/, 'Add Source');
    assert.match(await workbench.toast(/none of the stores/, patience), /\[click\] \(command:/);
    assert.equal(await links(), 0);
  });
});

/** Engine and embedded processes that an editor has started. */
function processesOf(editor: Editor): readonly number[] {
  return [...engineProcesses(editor), ...embeddedProcesses(editor)];
}
