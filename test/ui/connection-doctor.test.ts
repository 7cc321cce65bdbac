import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { connectionCheckNames } from '../../src/core/model/connection-check.ts';
import { atWorkbench, patience } from '../helpers/at-workbench.ts';
import type { Editor } from '../helpers/editor.ts';
import { freePort } from '../helpers/free-port.ts';
import { assertNoSecret, assertNoSecretInFiles } from '../helpers/no-secrets.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import type { Workbench } from '../helpers/workbench.ts';

/** With what an address and a shell must escape. */
const password = `pw-${Math.random().toString(36).slice(2)}-$'/@`;
const wrong = `wrong-${Math.random().toString(36).slice(2)}-%&`;
const secrets = [password, wrong].flatMap((secret) => [secret, encodeURIComponent(secret)]);
const user = `doctor_${process.pid}`;
const missing = `doctor_${process.pid}_missing`;
const saved = `doctor_${process.pid}_saved`;

describe('what is wrong with a connection, in the editor', function () {
  this.timeout(300_000);
  let cluster: Cluster;
  let closed: number;
  let editor: Editor;
  let workbench: Workbench;
  const seen: string[] = [];
  const address = (database: string, secret = password): string => cluster.url(database, { user, password: secret });

  atWorkbench(
    {
      name: 'connection-doctor',
      sample: false,
      async prepare(context) {
        cluster = await requirePostgres(context);
        closed = await freePort();
        await cluster.createUser(user, password);
        await cluster.psql(`ALTER ROLE "${user}" CREATEDB`);
        return {
          env: {
            MISSING_URL: address(missing),
            WRONG_URL: address('postgres', wrong),
            DOWN_URL: address('postgres').replace(`:${cluster.port}/`, `:${closed}/`),
          },
        };
      },
      async remove() {
        if (closed === undefined) return;
        for (const database of [missing, saved]) await cluster.dropDatabase(database);
        await cluster.psql(`DROP ROLE "${user}"`);
      },
    },
    (setting) => void ({ editor, workbench } = setting),
  );

  before(() => workbench.openView('Sluice'));
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') seen.push(await workbench.page.content());
  });

  const button = (name: string): Locator => workbench.page.locator('.notifications-toasts').getByRole('button', { name });
  const dialog = (): Locator => workbench.page.locator('.monaco-dialog-box');
  const databases = async (): Promise<readonly string[]> =>
    (await cluster.psql(`SELECT datname FROM pg_catalog.pg_database WHERE datname LIKE '${user}\\_%'`)).split('\n').filter(Boolean);
  async function begin(command: 'Test Connection' | 'Connect Target…', target: string): Promise<void> {
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand(`Sluice: ${command}`);
    await workbench.pick(target);
  }
  /** What the notification says that holds `answer`. */
  async function answerTo(command: 'Test Connection' | 'Connect Target…', target: string, answer: RegExp): Promise<string> {
    await begin(command, target);
    return workbench.toast(answer, patience);
  }
  async function details(target: string): Promise<string> {
    await workbench.toastButton('Show Details');
    await workbench.editorTab(new RegExp(`^${target}: connection`)).waitFor();
    await workbench.page.locator('.editor-group-container.active .view-line').filter({ hasText: 'reach' }).first().waitFor();
    return workbench.editorText();
  }

  describe('a database that is missing', () => {
    const words = `There is no database "${missing}" on 127.0.0.1. Create it here, or correct the name in the address.`;

    it('is named, and making it is offered', async () => {
      assert.equal(await answerTo('Test Connection', 'MISSING_URL', /no database/), words);
      await button('Create Database…').waitFor();
      await button('Show Details').waitFor();
      await workbench.treeItem(/MISSING_URL.*not connected/).waitFor();
    });

    it('has details: every check in its order, also what another database of the server tells', async () => {
      const text = await details('MISSING_URL');
      const looked = ['reach', 'tls', 'login', 'database', 'version', 'writable', 'vector', 'pooling', 'connections', 'memory'];
      assert.deepEqual(namesIn(text), looked);
      assert.match(text, new RegExp(`^FAILED +database +There is no database "${missing}" on 127\\.0\\.0\\.1\\.$`, 'm'));
      assert.match(text, new RegExp(`^ +CREATE DATABASE "${missing}" ENCODING 'UTF8'`, 'm'));
      assert.match(text, /^- +encoding, rights, room, role: Not looked at/m);
    });

    it('is still offered beside the details', async () => {
      await button('Create Database…').waitFor();
      await workbench.screenshot('connection-dark');
    });

    it('is not made without a yes', async () => {
      await workbench.toastButton('Create Database…');
      await dialog().getByText(`Create database "${missing}" on 127.0.0.1?`).waitFor();
      await dialog().getByText(`belong to "${user}". Rolling back a run does not drop it.`).waitFor();
      assert.deepEqual(await databases(), []);
      await workbench.dialogButton('Cancel');
      await dialog().waitFor({ state: 'hidden' });
      assert.deepEqual(await databases(), []);
    });

    it('is told by Connect Target in the same words, and made after a yes', async () => {
      assert.equal(await answerTo('Connect Target…', 'MISSING_URL', /no database/), words);
      await workbench.toastButton('Create Database…');
      await workbench.dialogButton('Create Database');
      await workbench.toast(/MISSING_URL is ready: PostgreSQL \d/, patience);
      assert.deepEqual(await databases(), [missing]);
      const made = `SELECT pg_encoding_to_char(encoding), pg_get_userbyid(datdba) FROM pg_database WHERE datname = '${missing}'`;
      assert.equal(await cluster.psql(made), `UTF8|${user}`);
      await workbench.treeItem(/MISSING_URL.*PostgreSQL \d/).waitFor({ timeout: patience });
    });

    it('works from then on', async () => {
      await answerTo('Test Connection', 'MISSING_URL', /MISSING_URL is ready: PostgreSQL \d/);
    });

    it('can be made again from the tree when somebody dropped it', async () => {
      await cluster.dropDatabase(missing);
      await workbench.runCommand('Notifications: Clear All Notifications');
      await workbench.contextMenu(/MISSING_URL/, 'Refresh');
      await workbench.treeItem(/MISSING_URL.*not available/).waitFor({ timeout: patience });
      await workbench.treeItem(new RegExp(`^There is no database "${missing}"`)).waitFor();
      await workbench.contextMenu(/MISSING_URL/, 'Test Connection');
      await workbench.toast(/no database/, patience);
      await workbench.toastButton('Create Database…');
      await workbench.dialogButton('Create Database');
      await workbench.toast(/MISSING_URL is ready/, patience);
      await workbench.treeItem(/MISSING_URL.*PostgreSQL \d/).waitFor({ timeout: patience });
    });
  });

  describe('a new connection whose database is missing', () => {
    it('is made with the keyboard alone', async () => {
      const { page } = workbench;
      /** Types what the open list or palette is to offer first, and takes it. */
      const take = async (text: string): Promise<void> => {
        await page.keyboard.type(text);
        await page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: text }).waitFor();
        await page.keyboard.press('Enter');
      };
      await workbench.runCommand('Notifications: Clear All Notifications');
      await page.keyboard.press('F1');
      await take('Sluice: Connect Target…');
      await page.getByPlaceholder('Target to connect to').waitFor();
      await take('New connection…');
      await page.getByText('New connection (1 of 3)').waitFor();
      await workbench.type(address(saved));
      await page.getByText('New connection (2 of 3)').waitFor();
      await workbench.type('staging');
      await page.getByText('New connection (3 of 3)').waitFor();
      await take('Ordinary');
      await workbench.toast(new RegExp(`There is no database "${saved}"`), patience);
      await page.keyboard.press('F1');
      await take('Notifications: Accept Notification Primary Action');
      await dialog().getByText(`Create database "${saved}"`).waitFor();
      await page.keyboard.press('Enter');
      await workbench.toast(/staging is ready/, patience);
      assert.ok((await databases()).includes(saved));
      await workbench.treeItem(/staging.*PostgreSQL \d/).waitFor({ timeout: patience });
    });
  });

  describe('a superuser', () => {
    it('is connected, told what is worth a look, and has SQL for a role with fewer rights', async () => {
      await begin('Connect Target…', 'New connection…');
      await workbench.page.getByText('New connection (1 of 3)').waitFor();
      await workbench.type(cluster.url(missing));
      await workbench.page.getByText('New connection (2 of 3)').waitFor();
      await workbench.type('admin');
      await workbench.pick('Ordinary');
      // The superuser of the tests has none.
      await workbench.page.getByText('Password for admin').waitFor({ timeout: patience });
      await workbench.type('');
      await workbench.toast(/admin is ready: .* 1 thing is worth a look/, patience);
      const text = await details('admin');
      assert.deepEqual(namesIn(text), connectionCheckNames);
      assert.match(text, /^warning +role/m);
      assert.match(text, /CREATE ROLE "?sluice_loader"? LOGIN;/);
    });
  });

  describe('a password that is wrong', () => {
    const words = `The server at 127.0.0.1 refuses the password of user "${user}". Correct the password`;

    for (const command of ['Test Connection', 'Connect Target…'] as const)
      it(`is named by ${command}, with what to do`, async () => {
        const said = await answerTo(command, 'WRONG_URL', /refuses the password/);
        assert.equal(said.slice(0, words.length), words);
        await workbench.treeItem(/WRONG_URL.*not connected/).waitFor();
      });

    it('has details that end at the login', async () => {
      const text = await details('WRONG_URL');
      assert.deepEqual(namesIn(text), ['reach', 'tls', 'login']);
      assert.match(text, /^FAILED +login +The server at/m);
      assert.match(text, /^- +database, version, .*role: Not looked at/m);
    });
  });

  describe('a server that is down', () => {
    for (const command of ['Test Connection', 'Connect Target…'] as const)
      it(`is named by ${command}, with what to do`, async () => {
        const said = await answerTo(command, 'DOWN_URL', /No PostgreSQL server/);
        assert.ok(said.startsWith(`No PostgreSQL server answers at 127.0.0.1, port ${closed}. Start the server, or correct host and port`));
      });

    it('has details with the command that asks for it', async () => {
      const text = await details('DOWN_URL');
      assert.deepEqual(namesIn(text), ['reach']);
      assert.match(text, new RegExp(`^ +pg_isready -h 127\\.0\\.0\\.1 -p ${closed}$`, 'm'));
    });
  });

  // In a suite of its own: tests that stand beside suites come before them.
  describe('passwords', () => {
    it('were not shown, and are in no file', () => {
      assertNoSecret(secrets, seen.join('\n'), 'what was on the screen');
      assertNoSecretInFiles(secrets, [editor.home]);
      assertNoSecret(secrets, editor.log(), 'output of the editor');
    });
  });
});

/** The checks that were looked at: the second words of lines that begin with a state. */
function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/^(?:ok|warning|FAILED) +(\w+)/gm)].map(([, name]) => name!);
}
