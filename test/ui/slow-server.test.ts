import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { requireEditor, startEditor, type Editor } from '../helpers/editor.ts';
import { copySample } from '../helpers/sample-workspace.ts';
import { openWorkbench, type Workbench } from '../helpers/workbench.ts';

const patience = 90_000;

describe('a server that takes connections and never answers', function () {
  this.timeout(180_000);
  let folder: string;
  let server: Server;
  let editor: Editor | undefined;
  let workbench: Workbench;
  const sockets = new Set<Socket>();
  /** The notification itself; screen readers have the text in another place, where it stays. */
  const connecting = (): Locator => workbench.page.locator('.notifications-toasts').getByText('Connecting to');

  before(async function () {
    requireEditor(this);
    folder = mkdtempSync(join(tmpdir(), 'sluice-ui-'));
    copySample(folder);
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    editor = await startEditor({
      folder,
      extension: 'linked',
      env: { DATABASE_URL: `postgresql://app:silent-secret@127.0.0.1:${port}/shop` },
    });
    workbench = await openWorkbench(editor);
  });

  after(async () => {
    await workbench?.close();
    await editor?.stop();
    for (const socket of sockets) socket.destroy();
    server?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it('leaves the sidebar usable while the connection is tried', async () => {
    await workbench.openView('Sluice');
    await workbench.treeItem(/widget-tdc\.db.*9 tables/).waitFor({ timeout: patience });
    await workbench.runCommand('Sluice: Connect Target…');
    await workbench.pick('DATABASE_URL');
    await connecting().waitFor();
    await workbench.expand(/widget-tdc\.db/);
    await workbench.expand(/^memory_entities/);
    await workbench.treeItem(/^embedding/).waitFor({ timeout: patience });
    assert.ok(await connecting().isVisible(), 'the server has still not answered');
  });

  it('gives up when the user cancels, and goes on with another target', async () => {
    await workbench.toastButton('Cancel');
    await connecting().waitFor({ state: 'hidden', timeout: patience });
    await workbench.treeItem(/DATABASE_URL.*not connected/).waitFor();
    await workbench.runCommand('Sluice: Plan Migration');
    await workbench.editorTab(/widget-tdc\.sluice\.json/).waitFor({ timeout: patience });
    assert.ok(!(await workbench.page.innerText('body')).includes('silent-secret'));
  });
});
