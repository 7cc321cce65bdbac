import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atWorkbench, patience, sampleEntry } from '../helpers/at-workbench.ts';
import type { Editor } from '../helpers/editor.ts';
import { engineProcesses } from '../helpers/engine-processes.ts';
import { assertNoSecret, assertNoSecretInFiles } from '../helpers/no-secrets.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import type { Workbench } from '../helpers/workbench.ts';

/** With what an address and a shell must escape. */
const password = `pw-${Math.random().toString(36).slice(2)}-$'/@`;
const wrong = `wrong-${Math.random().toString(36).slice(2)}`;
const inEnvironment = `env-${Math.random().toString(36).slice(2)}`;
const inEnvFile = `file-${Math.random().toString(36).slice(2)}`;
const secrets = [password, encodeURIComponent(password), wrong, inEnvironment, inEnvFile];

describe('passwords, through a whole session', function () {
  this.timeout(300_000);
  let cluster: Cluster;
  let database: string;
  let user: string;
  let folder: string;
  let editor: Editor;
  let workbench: Workbench;
  const seen: string[] = [];
  const address = (secret: string): string => cluster.url(database, { user, password: secret });
  /** What a person could read at this moment. */
  const look = async (): Promise<void> => {
    for (const frame of workbench.page.frames()) seen.push(await frame.content().catch(() => ''));
  };

  atWorkbench(
    {
      name: 'secrets',
      async prepare(context, places) {
        cluster = await requirePostgres(context);
        database = new URL(await cluster.createDatabase()).pathname.slice(1);
        user = `ui_${database}`;
        await cluster.createUser(user, password);
        await cluster.psql(
          `ALTER DATABASE "${database}" OWNER TO "${user}"; ALTER SCHEMA public OWNER TO "${user}"; CREATE EXTENSION IF NOT EXISTS vector;`,
          database,
        );
        writeFileSync(join(places.folder, '.env'), `FILE_URL=${address(inEnvFile)}\n`);
        return { env: { DATABASE_URL: address(inEnvironment) } };
      },
      until: sampleEntry,
      remove: async () => {
        if (database !== undefined) await cluster.dropDatabase(database);
      },
    },
    (setting) => void ({ folder, editor, workbench } = setting),
  );

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') await look();
  });

  it('connects to a new target with a password that is wrong', async () => {
    await workbench.runCommand('Sluice: Connect Target…');
    await workbench.pick('New connection…');
    await workbench.type(address(wrong));
    await workbench.page.getByText('New connection (2 of 3)').waitFor();
    await workbench.type('staging');
    await workbench.page.getByText('New connection (3 of 3)').waitFor();
    await workbench.pick('Ordinary');
    assert.match(await workbench.toast(/password/, patience), /Connect again: you are asked for the password then\.$/);
  });

  it('fails with the wrong passwords of the environment and of .env', async () => {
    for (const name of ['DATABASE_URL', 'FILE_URL']) {
      await workbench.runCommand('Notifications: Clear All Notifications');
      await workbench.runCommand('Sluice: Connect Target…');
      await workbench.pick(name);
      await workbench.toast(/password/, patience);
      await look();
    }
  });

  it('asks for the password again, and connects', async () => {
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('Sluice: Connect Target…');
    await workbench.pick('staging');
    await workbench.page.getByText('Password for staging').waitFor({ timeout: patience });
    await workbench.type(password);
    await workbench.toast(/staging is ready/, patience);
    await workbench.treeItem(/staging.*PostgreSQL \d+/).waitFor({ timeout: patience });
  });

  it('plans, runs, opens the report and rows', async () => {
    await workbench.runCommand('Sluice: Plan Migration');
    await workbench.editorTab(/widget-tdc\.sluice\.json/).waitFor({ timeout: patience });
    await workbench.runCommand('Sluice: Run Migration');
    await workbench.toast(/every cell compared/, patience);
    await look();
    await workbench.toastButton('Report');
    const report = await workbench.panel(/Report/);
    await report.getByRole('heading', { name: 'Every cell arrived' }).waitFor({ timeout: patience });
    await look();
    await workbench.runCommand('Sluice: Open Rows');
    await workbench.pick('memory_tags');
    await (await workbench.panel(/memory_tags: Rows/)).getByRole('gridcell').first().waitFor({ timeout: patience });
  });

  it('gives a command for a terminal that names the target without its password', async () => {
    await workbench.runCommand('Sluice: Copy as CLI Command');
    await workbench.pick('verify');
    await workbench.page.getByText(/^Copied: /).waitFor();
    const line = await workbench.page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(line, new RegExp(`^sluice verify widget-tdc\\.sluice\\.json --target '?postgresql://${user}@`));
    seen.push(line);
  });

  it('shows no password anywhere', () => assertNone(seen.join('\n'), 'what was on the screen or the clipboard'));

  it('leaves no password in any file', () => {
    assertNoSecretInFiles(secrets, [editor.home, folder]);
    assertNone(editor.log(), 'output of the editor');
  });

  it('keeps no password in the storage of the workbench; the secret storage is encrypted', async () => {
    const stored = await workbench.page.evaluate<readonly (readonly [string, string])[]>(readStorage);
    assert.match(JSON.stringify(stored), /staging/, 'the name and address of the target are there');
    for (const [key, value] of stored) assertNone(value, key);
  });

  it('writes no password into the target', async () => {
    const tables = (await cluster.psql(`SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'sluice'`, database)).split('\n');
    for (const table of tables.filter(Boolean))
      assertNone(await cluster.psql(`SELECT t::text FROM sluice."${table}" AS t`, database), table);
    assertNone(await cluster.psql(`SELECT application_name FROM pg_catalog.pg_stat_activity`, database), 'sessions');
  });

  it('shows no password on the command line of a process', () => {
    const engines = [...engineProcesses(editor)];
    assert.notEqual(engines.length, 0);
    for (const pid of engines) assertNone(readFileSync(`/proc/${pid}/cmdline`, 'latin1'), `process ${pid}`);
  });
});

function assertNone(text: string, where: string): void {
  assertNoSecret(secrets, text, where);
}

/** Everything in localStorage and IndexedDB as key and text, for the browser to evaluate. */
const readStorage = `(async () => {
  const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('IndexedDB'));
  });
  const all = Object.entries(localStorage).map(([key, value]) => ['localStorage ' + key, String(value)]);
  for (const { name } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const objects = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([settled(objects.getAllKeys()), settled(objects.getAll())]);
      keys.forEach((key, at) => all.push([name + ' ' + store + ' ' + key, typeof values[at] === 'string' ? values[at] : JSON.stringify(values[at])]));
    }
    database.close();
  }
  return all;
})()`;
