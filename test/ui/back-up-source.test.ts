import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { requireEditor, startEditor, type Editor } from '../helpers/editor.ts';
import { photograph } from '../helpers/photograph.ts';
import { copySample } from '../helpers/sample-workspace.ts';
import { openWorkbench, type Workbench } from '../helpers/workbench.ts';

const patience = 90_000;

describe('backing a store up in the editor', function () {
  this.timeout(180_000);
  let root: string;
  let editor: Editor | undefined;
  let workbench: Workbench;

  before(async function () {
    requireEditor(this);
    root = mkdtempSync(join(tmpdir(), 'sluice-ui-'));
    for (const name of ['work', 'copies']) mkdirSync(join(root, name));
    copySample(join(root, 'work'));
    editor = await startEditor({ folder: join(root, 'work'), extension: 'linked' });
    workbench = await openWorkbench(editor);
    await workbench.openView('Sluice');
    await workbench.treeItem(/widget-tdc\.db.*9 tables/).waitFor({ timeout: patience });
  });

  after(async () => {
    await workbench?.close();
    await editor?.stop();
    if (root !== undefined) rmSync(root, { recursive: true, force: true });
  });

  async function backUpTo(folder: string): Promise<void> {
    await workbench.runCommand('Sluice: Back Up Source…');
    const widget = workbench.page.locator('.quick-input-widget');
    const input = widget.locator('input').first();
    await widget.getByRole('button', { name: 'Back Up Here' }).waitFor();
    // The dialog looks folders up while it is typed into, and an Enter that comes too early goes to the one before.
    for (let attempt = 0; attempt < 20 && (await widget.isVisible()); attempt++) {
      if ((await input.inputValue()) === `${folder}/`) await input.press('Enter');
      else await input.fill(`${folder}/`);
      await widget.waitFor({ state: 'hidden', timeout: 1_000 }).catch(() => undefined);
    }
    await widget.waitFor({ state: 'hidden', timeout: 1_000 });
  }

  it('puts a whole copy into the folder that was chosen and says where', async () => {
    const before = await photograph(join(root, 'work'), ['.vscode']);
    await backUpTo(join(root, 'copies'));
    const message = await workbench.toast(/is backed up/, patience);
    const [name = '', ...others] = readdirSync(join(root, 'copies'));
    assert.match(name, /^widget-tdc-\d{8}T\d{6}Z\.db$/);
    assert.deepEqual(others, []);
    assert.ok(message.includes(join(root, 'copies', name)), message);
    const backup = new Database(join(root, 'copies', name), { readonly: true });
    assert.equal(backup.prepare('PRAGMA integrity_check').pluck().get(), 'ok');
    backup.close();
    assert.deepEqual(await photograph(join(root, 'work'), ['.vscode']), before);
  });

  it('refuses the folder of the store and says what to do', async () => {
    await backUpTo(join(root, 'work'));
    assert.match(await workbench.toast(/Backups cannot be written/, patience), /Name another folder/);
  });
});
