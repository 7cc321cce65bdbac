import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Locator } from 'playwright-core';
import { atWorkbench, patience, sampleEntry } from '../helpers/at-workbench.ts';
import type { Workbench } from '../helpers/workbench.ts';

describe('a server that takes connections and never answers', function () {
  this.timeout(180_000);
  let server: Server;
  let workbench: Workbench;
  const sockets = new Set<Socket>();
  /** The notification itself; screen readers have the text in another place, where it stays. */
  const connecting = (): Locator => workbench.page.locator('.notifications-toasts').getByText('Connecting to');

  atWorkbench(
    {
      name: 'slow-server',
      async prepare() {
        server = createServer((socket) => {
          sockets.add(socket);
          socket.on('error', () => {});
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const { port } = server.address() as AddressInfo;
        return { env: { DATABASE_URL: `postgresql://app:silent-secret@127.0.0.1:${port}/shop` } };
      },
      remove() {
        for (const socket of sockets) socket.destroy();
        server?.close();
      },
    },
    (setting) => void ({ workbench } = setting),
  );

  it('leaves the sidebar usable while the connection is tried', async () => {
    await workbench.openView('Sluice');
    await workbench.treeItem(sampleEntry).waitFor({ timeout: patience });
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
