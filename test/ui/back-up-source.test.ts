import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { atWorkbench, patience, sampleEntry } from '../helpers/at-workbench.ts';
import { photograph } from '../helpers/photograph.ts';
import type { Workbench } from '../helpers/workbench.ts';

describe('backing a store up in the editor', function () {
  this.timeout(180_000);
  let root: string;
  let workbench: Workbench;

  atWorkbench({ name: 'back-up-source', at: 'work', until: sampleEntry }, (setting) => {
    ({ root, workbench } = setting);
    mkdirSync(join(root, 'copies'));
  });

  async function backUpTo(folder: string): Promise<void> {
    await workbench.runCommand('Sluice: Back Up Source…');
    await workbench.chooseFolder(root, folder);
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
