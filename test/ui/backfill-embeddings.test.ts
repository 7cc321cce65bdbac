import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { atWorkbench, patience } from '../helpers/at-workbench.ts';
import type { Editor } from '../helpers/editor.ts';
import { startEmbeddingServer, type EmbeddingServer, type Fault } from '../helpers/embedding-server.ts';
import { assertNoSecret, assertNoSecretInFiles } from '../helpers/no-secrets.ts';
import { startRun } from '../helpers/ui-run.ts';
import { postgresUiTarget, type UiTarget } from '../helpers/ui-target.ts';
import type { Workbench } from '../helpers/workbench.ts';
import { notesEmbed, notesPlan } from '../helpers/notes-plan.ts';
import { wordDimensions } from '../helpers/word-vectors.ts';

const key = `sk-${Math.random().toString(36).slice(2)}-never-to-be-seen`;
const wrongKey = `sk-${Math.random().toString(36).slice(2)}-is-wrong`;
const notes = 150;
const texts = ['the dog and the cat', 'interest rate of the bank', 'water in the street'];

/** Answers like any other, before those faults that come behind it. */
const answered: Fault = { kind: 'first', work: async () => {} };

describe('embeddings that a column lacks, as a user', function () {
  this.timeout(300_000);
  let server: EmbeddingServer;
  let target: UiTarget;
  let folder: string;
  let editor: Editor;
  let workbench: Workbench;

  atWorkbench(
    {
      name: 'backfill',
      sample: false,
      async prepare(context, places) {
        server = await startEmbeddingServer();
        target = await postgresUiTarget(context);
        writeStore(join(places.folder, 'notes.db'));
        writeFileSync(
          join(places.folder, 'notes.sluice.json'),
          JSON.stringify(notesPlan(target.profile, false, { embed: notesEmbed }), null, 2),
        );
        writeFileSync(join(places.folder, 'bare.sluice.json'), JSON.stringify(notesPlan(target.profile, false), null, 2));
        return { env: target.environment };
      },
      workbench: { viewport: { width: 1400, height: 900 } },
      until: /notes\.db/,
      async remove() {
        await server?.close();
        await target?.remove();
      },
    },
    (setting) => void ({ folder, editor, workbench } = setting),
  );

  const missing = async (): Promise<number> =>
    Number((await target.ask('SELECT count(*) AS value FROM public.notes WHERE embedding IS NULL'))[0]);
  const digest = (where: string): Promise<readonly string[]> =>
    target.ask(`SELECT md5(string_agg(n::text, ' ' ORDER BY id)) AS value FROM public.notes AS n WHERE ${where}`);
  const clear = (): Promise<void> => workbench.runCommand('Notifications: Clear All Notifications');

  async function setEndpoint(secret: string): Promise<void> {
    await workbench.runCommand('Sluice: Set Embedding Endpoint…');
    for (const [step, text] of [server.url, 'glove', secret].entries()) {
      await workbench.page.getByText(`Embedding endpoint (${step + 1} of 3)`).waitFor();
      await workbench.type(text);
    }
    await workbench.toast(/Embeddings come from/);
    await clear();
  }

  it('runs a plan whose vectors are missing', async () => {
    await startRun(workbench, 'notes');
    await workbench.toast(/151 rows arrived/, patience);
    await clear();
    assert.equal(await missing(), notes + 1);
    // One row has a vector already.
    await target.ask(
      `UPDATE public.notes SET embedding = (SELECT array_agg(1)::vector FROM generate_series(1, ${wordDimensions})) WHERE id = 3 RETURNING id AS value`,
    );
    assert.equal(await missing(), notes);
  });

  it('says before it starts which texts go where, and sends nothing when that is declined', async () => {
    await setEndpoint(wrongKey);
    await workbench.runCommand('Sluice: Backfill Embeddings…');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.getByText(`Send the texts of ${notes} rows to ${new URL(server.url).host}?`).waitFor({ timeout: patience });
    const said = await dialog.innerText();
    assert.match(
      said,
      /Columns title of public\.notes, where embedding is NULL, go to http:\S+ for model glove, with the key that is kept for it\./,
    );
    assert.match(said, /The one row that has a vector stays as it is\./);
    await workbench.dialogButton('Cancel');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(server.asked.length, 0);
  });

  it('a wrong key ends it with an error that says what to do', async () => {
    server.faults.push({ kind: 'status', status: 401, body: JSON.stringify({ error: { message: `Incorrect key ${wrongKey}` } }) });
    await backfill();
    const said = await workbench.toast(/refuses the key/, patience);
    assert.match(said, /status 401.*Set Embedding Endpoint/);
    assertNoSecret([wrongKey], said, 'the message');
    assert.equal(await missing(), notes);
    assert.equal(server.asked[0]!.authorization, `Bearer ${wrongKey}`);
    await clear();
  });

  it('tells how far it is, and stops when it is cancelled', async () => {
    await setEndpoint(key);
    server.asked.length = 0;
    server.faults.push(answered, answered, { kind: 'silence' }, { kind: 'silence' });
    await backfill();
    await workbench.toast(/Embedding public\.notes: \d+ of 150 rows/, patience);
    await workbench.toastButton('Cancel');
    const end = /Cancelled\. (\d+) embeddings are kept\. Backfill Embeddings does the rest\./.exec(
      await workbench.toast(/Cancelled/, patience),
    );
    assert.ok(end !== null);
    assert.equal(await missing(), notes - Number(end[1]));
    assert.ok(Number(end[1]) > 0 && Number(end[1]) < notes);
    await clear();
  });

  it('does the rest when it is called again from the entry of the column, and touches nothing else', async () => {
    server.faults.length = 0;
    server.asked.length = 0;
    const left = await missing();
    const before = await digest('embedding IS NOT NULL');
    const kept = (await target.ask('SELECT id AS value FROM public.notes WHERE embedding IS NOT NULL ORDER BY id')).join();
    await workbench.runCommand('Sluice: Focus on Plan View');
    await workbench.expand(/^notes, /);
    await workbench.contextMenu(/^embedding, /, 'Backfill Embeddings…');
    await workbench.dialogButton('Send Texts');
    assert.match(await workbench.toast(/public\.notes\.embedding: /, patience), new RegExp(`: ${left - 1} embedded, 1 empty, in `));
    assert.deepEqual(await digest(`id IN (${kept})`), before);
    assert.deepEqual(await target.ask('SELECT id AS value FROM public.notes WHERE embedding IS NULL'), [String(notes + 1)]);
    assert.equal(
      server.asked.reduce((sum, { input }) => sum + input.length, 0),
      left - 1,
    );
    assert.ok(server.asked.every(({ authorization }) => authorization === `Bearer ${key}`));
    await clear();
  });

  it('asks for columns and model where no plan says them', async () => {
    await target.ask('UPDATE public.notes SET embedding = NULL WHERE id IN (5, 6) RETURNING id AS value');
    await workbench.runCommand('Sluice: Open Plan');
    await workbench.pick('bare.sluice.json');
    await workbench.editorTab(/bare\.sluice\.json/).waitFor();
    await workbench.runCommand('Sluice: Backfill Embeddings…');
    await workbench.page.getByPlaceholder('Columns whose texts are embedded into embedding').waitFor({ timeout: patience });
    await workbench.page.keyboard.press('Enter');
    await workbench.page.getByText('Name of the model at the embedding endpoint').waitFor();
    await workbench.type('other');
    await workbench.page.locator('.monaco-dialog-box').getByText('for model other').waitFor({ timeout: patience });
    await workbench.dialogButton('Send Texts');
    await workbench.toast(/2 embedded, 1 empty/, patience);
    assert.equal(server.asked.at(-1)!.model, 'other');
    await clear();
  });

  it('forgets the key', async () => {
    await workbench.runCommand('Sluice: Forget Embedding Key…');
    await workbench.pick(new URL(server.url).origin);
    await workbench.toast(/is forgotten/);
    await target.ask('UPDATE public.notes SET embedding = NULL WHERE id = 5 RETURNING id AS value');
    await workbench.runCommand('Sluice: Backfill Embeddings…');
    await workbench.page.getByPlaceholder('Columns whose texts are embedded into embedding').waitFor({ timeout: patience });
    await workbench.page.keyboard.press('Enter');
    await workbench.page.getByText('Name of the model at the embedding endpoint').waitFor({ timeout: patience });
    await workbench.type('glove');
    await workbench.page.locator('.monaco-dialog-box').getByText('without a key').waitFor({ timeout: patience });
    await workbench.dialogButton('Cancel');
  });

  it('leaves the key in no file and no line of the log', () => {
    assertNoSecretInFiles([key, wrongKey], [editor.home, folder]);
    assertNoSecret([key, wrongKey], editor.log(), 'output of the editor');
  });

  async function backfill(): Promise<void> {
    await workbench.runCommand('Sluice: Backfill Embeddings…');
    await workbench.page.locator('.monaco-dialog-box').waitFor({ timeout: patience });
    await workbench.dialogButton('Send Texts');
  }
});

/** Rows with a text, and one without. */
function writeStore(path: string): void {
  const store = new Database(path);
  store.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT)');
  const insert = store.prepare('INSERT INTO notes (title) VALUES (?)');
  for (let i = 0; i < notes; i++) insert.run(texts[i % texts.length]);
  insert.run(null);
  store.close();
}
