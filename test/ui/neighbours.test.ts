import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Frame } from 'playwright-core';
import { atWorkbench, patience } from '../helpers/at-workbench.ts';
import type { Editor } from '../helpers/editor.ts';
import { startEmbeddingServer, type EmbeddingServer } from '../helpers/embedding-server.ts';
import { assertNoSecretInFiles } from '../helpers/no-secrets.ts';
import { runCli } from '../helpers/run-cli.ts';
import { postgresUiTarget, type UiTarget } from '../helpers/ui-target.ts';
import { runAxe } from '../helpers/webview-axe.ts';
import { notesPlan } from '../helpers/notes-plan.ts';
import { embedByWords } from '../helpers/word-vectors.ts';
import type { Theme, Workbench } from '../helpers/workbench.ts';

const key = `sk-${Math.random().toString(36).slice(2)}-never-to-be-seen`;
const rows = 3_000;
const subjects = [
  'dog',
  'cat',
  'mouse',
  'bank',
  'market',
  'water',
  'street',
  'school',
  'river',
  'ship',
  'engine',
  'doctor',
  'music',
  'king',
  'farm',
];
const others = ['old', 'new', 'small', 'big', 'dark', 'light', 'first', 'last', 'north', 'south', 'red', 'white', 'long', 'short'];

/** "the old dog and the red ship in the market": no two alike, some near to each other. */
function titleOf(i: number): string {
  const at = (words: readonly string[], step: number): string => words[Math.floor(i / step) % words.length]!;
  return `the ${at(others, 1)} ${at(subjects, 3)} and the ${at(others, 17)} ${at(subjects, 41)} in the ${at(subjects, 211)}`;
}

describe('neighbours by text and beside the source, as a user', function () {
  this.timeout(300_000);
  let server: EmbeddingServer;
  let target: UiTarget;
  let editor: Editor;
  let workbench: Workbench;

  atWorkbench(
    {
      name: 'neighbours',
      sample: false,
      async prepare(context, { folder }) {
        server = await startEmbeddingServer();
        target = await postgresUiTarget(context);
        writeStore(join(folder, 'notes.db'));
        const path = join(folder, 'notes.sluice.json');
        writeFileSync(
          path,
          JSON.stringify(
            notesPlan(target.profile, true, { indexes: [{ columns: ['embedding'], method: 'hnsw', opclass: 'vector_cosine_ops' }] }),
            null,
            2,
          ),
        );
        const run = await runCli(['run', path, '--json'], { cwd: folder, environment: target.environment });
        assert.equal(run.code, 0, run.stderr);
        await target.ask('ANALYZE public.notes; SELECT 1 AS value');
        return { env: target.environment };
      },
      workbench: { viewport: { width: 1500, height: 950 } },
      until: /notes\.db/,
      async remove() {
        await server?.close();
        await target?.remove();
      },
    },
    (setting) => void ({ editor, workbench } = setting),
  );

  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const one of keys) await workbench.page.keyboard.press(one);
  };
  const clear = (): Promise<void> => workbench.runCommand('Notifications: Clear All Notifications');
  /** Moves the focus by Tab until it is at what is named so. */
  async function tabTo(frame: Frame, name: RegExp): Promise<void> {
    for (let tries = 0; tries < 60; tries++) {
      const texts = await frame
        .locator(':focus')
        .evaluateAll((found) => found.map((element) => `${element.getAttribute('aria-label') ?? ''} ${element.textContent ?? ''}`.trim()));
      if (texts.some((text) => name.test(text))) return;
      await press('Tab');
    }
    assert.fail(`Tab does not reach ${String(name)}`);
  }
  /** No tooltip in it. */
  async function picture(name: string): Promise<void> {
    await workbench.page.mouse.move(760, 940);
    await workbench.page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
    await workbench.screenshot(name);
  }
  const firstTitle = (frame: Frame): Promise<string> =>
    frame
      .getByRole('listbox', { name: /^Exact/ })
      .locator('.neighbour-title')
      .first()
      .innerText();
  const neighbours = (): Promise<Frame> => workbench.panel(/notes\.embedding: Neighbours/);

  it('without an endpoint says that text needs one, and how to set it', async () => {
    await workbench.runCommand('Sluice: Open Plan');
    await workbench.pick('notes.sluice.json');
    await workbench.editorTab(/notes\.sluice\.json/).waitFor();
    await workbench.runCommand('Sluice: Explore Vector Neighbours');
    const frame = await neighbours();
    await frame.getByText('Recall@10').first().waitFor({ timeout: patience });
    await frame.getByText(/hnsw/).first().waitFor();
    await tabTo(frame, /^Text$/);
    await press('Enter');
    await frame.getByText(/needs an embedding endpoint/).waitFor();
    await tabTo(frame, /Set Embedding Endpoint/);
    await press('Enter');
    for (const [step, text] of [server.url, 'glove', key].entries()) {
      await workbench.page.getByText(`Embedding endpoint (${step + 1} of 3)`).waitFor();
      await workbench.type(text);
    }
    await workbench.toast(/Embeddings come from/);
    await clear();
    await frame.getByText(`The text is sent to ${new URL(server.url).origin} (model glove).`).waitFor({ timeout: patience });
    assert.deepEqual(server.asked, [], 'nothing was sent so far');
  });

  it('searches by a text, by keys alone, and sends it once', async () => {
    const frame = await neighbours();
    await frame.getByRole('textbox', { name: 'Text' }).focus();
    await workbench.page.keyboard.type('a cat and a mouse');
    await press('Control+Enter');
    await frame
      .locator('#exact-0 .neighbour-title')
      .filter({ hasText: /cat|mouse/ })
      .waitFor({ timeout: patience });
    assert.deepEqual(
      server.asked.map(({ input, authorization, model }) => [input, authorization, model]),
      [[['a cat and a mouse'], `Bearer ${key}`, 'glove']],
    );
    const slider = frame.getByRole('slider', { name: 'hnsw.ef_search' });
    await slider.focus();
    await press('ArrowRight');
    await frame.getByText('hnsw.ef_search = 41').first().waitFor({ timeout: patience });
    assert.equal(server.asked.length, 1, 'another effort sends no text');
    await picture('neighbours-text');
  });

  it('walks by keys, back as well', async () => {
    const frame = await neighbours();
    await tabTo(frame, /^Exact neighbours/);
    const before = await firstTitle(frame);
    await press('Enter');
    const heading = frame.locator('.query-card h2');
    await heading.getByText(before, { exact: true }).waitFor({ timeout: patience });
    const second = await firstTitle(frame);
    await press('Home', 'Enter');
    await heading.getByText(second, { exact: true }).waitFor({ timeout: patience });
    await press('Alt+ArrowLeft');
    await heading.getByText(before, { exact: true }).waitFor({ timeout: patience });
  });

  it('compares with the source, and measures recall', async () => {
    const frame = await neighbours();
    await tabTo(frame, /Compare with Source/);
    await press('Enter');
    await frame.getByText('Source and target agree').waitFor({ timeout: patience });
    await frame.getByText('10 of 10 in the same order').waitFor();
    await tabTo(frame, /Measure Recall/);
    await press('Enter');
    const chart = frame.getByRole('group', { name: 'Recall by ef_search' });
    await chart.waitFor({ timeout: patience });
    await frame.getByText(`100 sampled rows of ${rows.toLocaleString('en-US')}`).waitFor();
    await frame.getByText(/is the least that finds 95 %/).waitFor();
    await tabTo(frame, /^ef_search 80: recall/);
    await press('Enter');
    await frame.getByText('hnsw.ef_search = 80').first().waitFor({ timeout: patience });
  });

  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] satisfies Theme[])
    it(`looks right in ${theme}`, async () => {
      await workbench.setTheme(theme);
      const frame = await neighbours();
      if ((await frame.getByText('Source and target agree').count()) === 0) {
        await frame.getByRole('button', { name: 'Compare with Source' }).click();
        await frame.getByText('Source and target agree').waitFor({ timeout: patience });
      }
      await picture(`neighbours-source-${theme}`);
      assert.deepEqual(await runAxe(frame), []);
    });

  it('says which row differs once the target was changed', async () => {
    const frame = await neighbours();
    const nearest = await frame.locator('#exact-0').getAttribute('data-key');
    const [id] = JSON.parse(nearest ?? '[]') as string[];
    await target.ask(`DELETE FROM public.notes WHERE id = ${id} RETURNING id AS value`);
    await frame.getByRole('button', { name: 'Ask the source again' }).click();
    await frame.getByText('Source and target differ').waitFor({ timeout: patience });
    const list = frame.getByRole('region', { name: 'Rows that differ between source and target' });
    await list.getByText('not in the target').waitFor();
    assert.match(await list.innerText(), new RegExp(`\\b${id}\\b[^]*rowid ${id}`));
  });

  it('says that no open plan has the table when there is none', async () => {
    await target.ask(
      'CREATE TABLE public.alone AS SELECT * FROM public.notes LIMIT 20; ALTER TABLE public.alone ADD PRIMARY KEY (id); GRANT SELECT ON public.alone TO PUBLIC; SELECT 1 AS value',
    );
    await clear();
    await workbench.runCommand('Sluice: Connect Target…');
    await workbench.pick('DATABASE_URL');
    await workbench.toast(/DATABASE_URL is ready/, patience);
    await clear();
    await workbench.expand(/DATABASE_URL/);
    await workbench.expand(/^public/);
    await workbench.expand(/^alone/);
    await workbench.contextMenu(/^embedding.*vector/, 'Explore Vector Neighbours');
    const frame = await workbench.panel(/alone\.embedding: Neighbours/);
    await frame.getByRole('button', { name: 'Compare with Source' }).click({ timeout: patience });
    await frame.getByText(/No open plan has this table/).waitFor({ timeout: patience });
  });

  it('keeps the key out of every file', () => {
    assert.deepEqual(workbench.cspViolations(), []);
    assertNoSecretInFiles([key], [editor.home, editor.folder]);
  });
});

function writeStore(path: string): void {
  const store = new Database(path);
  store.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, embedding BLOB)');
  const insert = store.prepare('INSERT INTO notes (title, embedding) VALUES (?, ?)');
  store.transaction(() => {
    for (let i = 0; i < rows; i++) insert.run(titleOf(i), Buffer.from(Float32Array.from(embedByWords(titleOf(i))!).buffer));
  })();
  store.close();
}
