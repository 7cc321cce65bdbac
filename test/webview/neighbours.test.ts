import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { MigrationError } from '../../src/core/errors.ts';
import type { NeighboursPanelMethods, NeighboursPanelState, NeighboursSearch } from '../../src/protocol/neighbours-panel.ts';
import { openPanel, requireChromium, themes, type OpenPanel, type PanelOptions } from '../helpers/webview.ts';
import { curve, disagreement, found, init, neighboursHost, withoutIndex } from './neighbours-host.ts';

describe('neighbours panel', () => {
  let panel: OpenPanel | undefined;

  before(function () {
    requireChromium(this);
  });
  afterEach(async () => {
    await panel?.close();
    panel = undefined;
  });

  async function open(more: Partial<PanelOptions<NeighboursPanelMethods>> = {}): Promise<OpenPanel> {
    panel = await openPanel<NeighboursPanelMethods>({ panel: 'neighbours', host: neighboursHost(), ...more });
    await panel.page.locator('.neighbour, .empty-state, .error-card').first().waitFor();
    return panel;
  }
  const list = (name: RegExp): Locator => panel!.page.getByRole('listbox', { name });
  const exact = (): Locator => list(/^Exact/);
  const indexed = (): Locator => list(/index finds/);
  const searches = (): readonly NeighboursSearch[] =>
    panel!.calls.filter((call) => call.method === 'search').map((call) => call.params as NeighboursSearch);
  /** Waits until the page has asked `times` times, and gives the last. */
  const search = async (times: number): Promise<NeighboursSearch> => {
    const deadline = performance.now() + 5_000;
    while (searches().length < times && performance.now() < deadline) await panel!.page.waitForTimeout(10);
    assert.equal(searches().length, times);
    await panel!.page.locator('.results:not(.is-loading)').waitFor();
    return searches().at(-1)!;
  };
  const clean = async (): Promise<void> => {
    assert.deepEqual([panel!.violations(), panel!.errors(), await panel!.axe()], [[], [], []]);
  };
  const lit = async (): Promise<(string | null)[]> => {
    const rows = await panel!.page.locator('.neighbour.lit').all();
    return Promise.all(rows.map((row) => row.getAttribute('id')));
  };
  const focused = (): Promise<string | null> => panel!.page.locator(':focus').getAttribute('aria-label');
  const metrics = async (): Promise<string[]> => {
    const texts = await panel!.page.locator('.metric').allInnerTexts();
    return texts.map((text) => text.replaceAll('\n', ' '));
  };

  for (const theme of themes) {
    it(`breaks no rule of the policy and is accessible in ${theme}`, async () => {
      const { page } = await open({ theme });
      await exact().focus();
      await page.keyboard.press('ArrowDown');
      await panel!.screenshot(theme);
      await clean();
      await page.getByRole('button', { name: 'Vector', exact: true }).click();
      await clean();
    });
  }

  it('shows the query, both lists, and what the index lost and found instead', async () => {
    const { page } = await open();
    await page.getByRole('heading', { name: 'Burst water main flooding Lusaka Road' }).waitFor();
    await page.getByText('embedding · 384 dimensions').waitFor();
    assert.deepEqual(await metrics(), [
      'Recall@10 0.80 8 of 10',
      'Index 1.9 ms 22× faster',
      'Exact 41.8 ms 48,211 rows',
      'Largest shift 2 ranks',
    ]);
    assert.equal(await exact().getByRole('option').count(), 10);
    assert.deepEqual(await exact().locator('.tag').allInnerTexts(), ['not found by the index', 'not found by the index']);
    assert.deepEqual(await indexed().locator('.tag').allInnerTexts(), ['exact rank 11', 'exact rank 12']);
    assert.equal(await page.locator('.connector').count(), 8);
    assert.equal(await page.locator('.connector.shifted').count(), 5);
    assert.equal(await page.locator('.stub.lost').count(), 2);
    assert.equal(await page.locator('.stub.new').count(), 2);
    assert.match(
      await exact().getByRole('option').first().innerText(),
      /^1\s+Main pipe leaking outside Lusaka Road market\s+sanitation · high/,
    );
    assert.match(
      await page.locator('.panel-footer').innerText(),
      /public\.reports · reports_embedding_idx · m 16 · ef_construction 64 · 94\.0 MB/,
    );
    assert.equal(
      await page
        .locator('.sql-block')
        .innerText()
        .then((text) => text.includes('ORDER BY "embedding" <=> $1::vector')),
      true,
    );
    const bars = await exact().locator('.bar-fill').all();
    const widths = await Promise.all(bars.map(async (bar) => parseFloat((await bar.getAttribute('style'))?.slice('width: '.length) ?? '')));
    assert.ok(widths.length === 10 && widths.every((width, i) => width > (widths[i - 1] ?? 0) && width <= 100), widths.join(' '));
  });

  it('goes by the keyboard alone: one tab stop a list, both lists light up, Enter walks, Alt+Left goes back, O opens', async () => {
    const { page } = await open();
    await exact().focus();
    assert.deepEqual(await lit(), ['exact-0', 'indexed-0']);
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowDown');
    assert.deepEqual(await lit(), ['exact-4', 'indexed-3']);
    assert.equal(await exact().getAttribute('aria-activedescendant'), 'exact-4');
    assert.equal(await page.locator('.connector.lit').count(), 1);
    await page.keyboard.press('ArrowRight');
    assert.equal(await indexed().getAttribute('aria-activedescendant'), 'indexed-3');
    await page.keyboard.press('o');
    await page.keyboard.press('End');
    assert.deepEqual(await lit(), ['indexed-9']);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.deepEqual((await search(2)).query, { kind: 'row', key: ['row 2'] });
    assert.deepEqual(panel!.calls.find((call) => call.method === 'openRow')?.params, { key: ['row 5'] });
    await page.getByRole('heading', { name: 'No water in Kariakor since the pipe burst' }).waitFor();
    assert.match((await focused()) ?? '', /index finds/, 'the focus stays in the list');
    await page.keyboard.press('Enter');
    assert.deepEqual((await search(3)).query, { kind: 'row', key: ['row 1'] });
    await page.keyboard.press('Alt+ArrowLeft');
    assert.deepEqual((await search(4)).query, { kind: 'row', key: ['row 2'] });
    await page.keyboard.press('Alt+ArrowLeft');
    assert.deepEqual((await search(5)).query, { kind: 'row', key: ['row 0'] });
    await page.keyboard.press('Alt+ArrowLeft');
    assert.equal(searches().length, 5, 'there is nothing further back');
    await page.keyboard.press('Shift+Tab');
    assert.equal(await focused(), 'Exact neighbours');
  });

  it('walks by a click and back by the button', async () => {
    const { page } = await open();
    const back = page.getByRole('button', { name: /^Back/ });
    assert.notEqual(await back.getAttribute('disabled'), null);
    await indexed().getByRole('option').nth(4).hover();
    assert.deepEqual(await lit(), ['exact-5', 'indexed-4']);
    await indexed().getByRole('option').nth(4).click();
    assert.deepEqual((await search(2)).query, { kind: 'row', key: ['row 6'] });
    await back.click();
    assert.deepEqual((await search(3)).query, { kind: 'row', key: ['row 0'] });
  });

  it('searches again when metric, k, condition or effort change', async () => {
    const { page } = await open();
    await page.getByRole('textbox', { name: 'k', exact: true }).fill('25');
    await page.keyboard.press('Enter');
    assert.equal((await search(2)).k, 25);
    const where = page.getByRole('textbox', { name: 'Where' });
    await where.fill("category = 'water'");
    await page.keyboard.press('Enter');
    assert.equal((await search(3)).filter, "category = 'water'");
    await page.getByRole('slider', { name: 'hnsw.ef_search' }).focus();
    await page.keyboard.press('ArrowRight');
    assert.equal((await search(4)).effort, 41);
    assert.equal(await page.locator('.effort output').innerText(), '41');
    await page.getByRole('combobox', { name: 'Metric' }).click();
    await page.getByRole('option', { name: 'L2' }).click();
    assert.deepEqual(await search(5), {
      query: { kind: 'row', key: ['row 0'] },
      k: 25,
      metric: 'l2',
      filter: "category = 'water'",
      effort: 41,
      oversampling: null,
    });
    await page.getByRole('textbox', { name: 'k', exact: true }).fill('none');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(50);
    assert.equal(await page.getByRole('textbox', { name: 'k', exact: true }).inputValue(), '25');
    assert.equal(searches().length, 5);
  });

  it('warns when no index serves the metric, and goes back to the one that an index serves', async () => {
    const kept: NeighboursPanelState = {
      subject: init.subject,
      search: { query: { kind: 'row', key: ['row 0'] }, k: 10, metric: 'l2', filter: null, effort: null, oversampling: null },
      trail: [['row 3']],
    };
    const { page } = await open({ state: kept });
    assert.match(await page.locator('.warning-strip').innerText(), /No index serves l2/);
    assert.equal(await page.getByRole('listbox').count(), 1);
    const metric = page.locator('vscode-dropdown [part="selected-value"]');
    assert.equal((await metric.innerText()).trim(), 'L2');
    await panel!.screenshot('no-index');
    await clean();
    await page.getByRole('button', { name: 'Use cosine' }).click();
    assert.equal((await search(2)).metric, null);
    await page.locator('.warning-strip').waitFor({ state: 'hidden' });
    assert.equal((await metric.innerText()).trim(), 'by index (cosine)');
    assert.equal(await page.getByRole('listbox').count(), 2);
  });

  it('says when the planner did not use the index', async () => {
    const warning =
      'The planner did not use the index reports_embedding_idx: it chose a sequential scan of 500 rows, which is right for so few rows.';
    const scan = { ...found, recall: 1, warning, indexed: { ...found.exact, index: found.indexed!.index, used: false, candidates: null } };
    const { page } = await open({ host: neighboursHost({ search: () => scan }) });
    assert.match(await page.locator('.warning-strip').innerText(), /right for so few rows/);
    assert.deepEqual(await metrics(), ['Recall@10 1.00 exact by scan', 'This query 41.8 ms index not used', 'Exact 41.8 ms 48,211 rows']);
    assert.equal(await page.getByRole('slider').isDisabled(), true);
    await clean();
  });

  it('shows a fault of the condition or of the vector at its field, and keeps the lists', async () => {
    const host = neighboursHost({
      search: ({ filter, query }) => {
        if (filter !== null)
          throw new MigrationError('filter-refused', { context: { detail: 'column "nope" does not exist', position: 1 } });
        if (query.kind === 'vector')
          throw new MigrationError('vector-dimensions-differ', {
            context: { given: 3, expected: 384, column: 'embedding', table: 'public.reports' },
          });
        return found;
      },
    });
    const { page } = await open({ host });
    await page.getByRole('textbox', { name: 'Where' }).fill('nope = 1');
    await page.keyboard.press('Enter');
    await page.locator('#filter-error', { hasText: 'column "nope" does not exist (at character 1)' }).waitFor();
    assert.equal(await exact().getByRole('option').count(), 10);
    await clean();
    await page.getByRole('textbox', { name: 'Where' }).fill('');
    await page.keyboard.press('Enter');
    await page.locator('#filter-error').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Vector', exact: true }).click();
    await page.getByRole('textbox', { name: 'Vector' }).fill('[1, 2, 3]');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.locator('.query-source .field-error', { hasText: 'has 3 dimensions, and column "embedding"' }).waitFor();
    await clean();
  });

  it('searches with a pasted vector, and from a row by its key', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Vector', exact: true }).click();
    await page.getByRole('textbox', { name: 'Vector' }).fill('[0.1, 0.2]');
    await page.keyboard.press('Control+Enter');
    assert.deepEqual((await search(2)).query, { kind: 'vector', vector: '[0.1, 0.2]' });
    assert.equal(await page.locator('.query-card h2').count(), 0);
    await page.getByRole('button', { name: 'Row', exact: true }).click();
    await page.getByRole('textbox', { name: 'Row: id' }).fill('row 7');
    await page.keyboard.press('Enter');
    assert.deepEqual((await search(3)).query, { kind: 'row', key: ['row 7'] });
  });

  it('searches by a text, and says where it goes first', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Text', exact: true }).click();
    await page.getByText('The text is sent to http://127.0.0.1:11434 (model all-minilm).').waitFor();
    await page.getByRole('textbox', { name: 'Text' }).fill('no water in the tap');
    assert.equal(searches().length, 1, 'nothing is sent before the user says so');
    await page.keyboard.press('Control+Enter');
    assert.deepEqual((await search(2)).query, { kind: 'text', text: 'no water in the tap' });
    assert.deepEqual((panel!.state() as NeighboursPanelState).search?.query, { kind: 'text', text: 'no water in the tap' });
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await search(3);
    await panel!.emit('embedding', { origin: 'http://far.example', model: 'm', exposed: true });
    await page.getByText('The text is sent to http://far.example (model m), without encryption.').waitFor();
    await clean();
  });

  it('shows what the endpoint refuses at the text', async () => {
    const search = (): never => {
      throw new MigrationError('embedding-endpoint-unreachable', { context: { endpoint: 'http://127.0.0.1:9/v1/embeddings' } });
    };
    const { page } = await open({
      state: { subject: init.subject, search: null, trail: [] },
      host: neighboursHost({ search: (wish) => (wish.query.kind === 'text' ? search() : found) }),
    });
    await page.getByRole('button', { name: 'Text', exact: true }).click();
    await page.getByRole('textbox', { name: 'Text' }).fill('water');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/cannot be reached/)
      .waitFor();
    assert.equal(await exact().getByRole('option').count(), 10, 'the lists stay');
  });

  it('without an endpoint offers to set one', async () => {
    const { page } = await open({ host: neighboursHost({ ready: () => ({ ...init, embedding: null }) }) });
    await page.getByRole('button', { name: 'Text', exact: true }).click();
    await page.getByText(/needs an embedding endpoint.*Nothing is sent anywhere/).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Text' }).count(), 0);
    await clean();
    await page.getByRole('button', { name: 'Set Embedding Endpoint…' }).click();
    await panel!.asked('setEmbeddingEndpoint', {});
    await panel!.emit('embedding', init.embedding);
    await page.getByRole('textbox', { name: 'Text' }).waitFor();
  });

  for (const theme of themes)
    it(`says whether source and target agree, and draws recall by effort, in ${theme}`, async () => {
      const { page } = await open({ theme });
      await page.getByRole('button', { name: 'Compare with Source' }).click();
      await page.getByText('Source and target agree').waitFor();
      await page.getByText('10 of 10 in the same order').waitFor();
      await panel!.asked('askSource', { ...searches().at(-1), metric: 'cosine' });
      await page.getByRole('button', { name: 'Measure Recall' }).click();
      const chart = page.getByRole('group', { name: 'Recall by ef_search' });
      await chart.waitFor();
      await panel!.asked('measureRecall', { k: 10, metric: 'cosine', filter: null });
      await page.getByText('100 sampled rows of 48,211').waitFor();
      assert.equal(await chart.getByRole('button', { pressed: true }).getAttribute('aria-label'), 'ef_search 40: recall 0.940, 2.0 ms');
      await panel!.screenshot(`agreement-${theme}`);
      await clean();
    });

  it('sets the effort by a point of the chart and by the suggestion', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Measure Recall' }).click();
    const chart = page.getByRole('group', { name: 'Recall by ef_search' });
    await chart.getByRole('button', { name: /^ef_search 200:/ }).focus();
    await page.keyboard.press('Enter');
    assert.equal((await search(2)).effort, 200);
    assert.equal(await chart.getByRole('button', { pressed: true }).getAttribute('aria-label'), 'ef_search 200: recall 0.998, 10.0 ms');
    assert.match((await focused()) ?? '', /^ef_search 200/, 'the focus stays at the point');
    await page.getByText('80 is the least that finds 95 %').waitFor();
    await page.getByRole('button', { name: 'Use 80' }).click();
    assert.equal((await search(3)).effort, 80);
    assert.equal(await page.getByRole('button', { name: 'Use 80' }).count(), 0);
    // Another number of rows is another curve.
    await page.getByRole('textbox', { name: 'k', exact: true }).fill('5');
    await page.keyboard.press('Enter');
    await search(4);
    await page.getByRole('button', { name: 'Measure Recall' }).waitFor();
    assert.equal(panel!.calls.filter(({ method }) => method === 'measureRecall').length, 1, 'only on request');
  });

  it('sets the candidates of an index on an expression', async () => {
    const points = curve.points.map((point, i) => ({ ...point, value: 2 ** i }));
    const { page } = await open({
      host: neighboursHost({
        measureRecall: () => ({ ...curve, setting: 'oversampling', points, suggested: null, warning: 'None is sure.' }),
      }),
    });
    await page.getByRole('button', { name: 'Measure Recall' }).click();
    await page.getByText('None is sure.').waitFor();
    await page.getByRole('button', { name: /^candidates for each 8:/ }).click();
    const { oversampling, effort } = await search(2);
    assert.deepEqual([oversampling, effort], [8, null]);
  });

  it('lists the rows that differ, and why', async () => {
    const { page } = await open({ host: neighboursHost({ askSource: () => ({ plan: 'reports', agreement: disagreement }) }) });
    await page.getByRole('button', { name: 'Compare with Source' }).click();
    await page.getByText('Source and target differ').waitFor();
    await page.getByText('8 of 10 in the same order').waitFor();
    const list = page.getByRole('region', { name: 'Rows that differ between source and target' });
    assert.deepEqual(
      (await list.getByRole('row').allInnerTexts()).map((text) => text.split('\t').map((cell) => cell.trim())),
      [
        ['Row', 'Why', 'Source', 'Target', 'Where'],
        ['row 99', 'not in the target', '2 · 0.0500', '–', 'rowid 99'],
        ['row 4', 'its vector differs', '5 · 0.0812', '4 · 0.0796', 'rowid 4'],
      ],
    );
    await list.getByText('The row that was searched from has another vector in the source.').waitFor();
    await panel!.screenshot('differences');
    await clean();
    // It was said of this search alone.
    await exact().getByRole('option').nth(2).click();
    await search(2);
    assert.equal(await list.count(), 0);
    await page.getByRole('button', { name: 'Compare with Source' }).waitFor();
  });

  it('says that no open plan has the table', async () => {
    const { page } = await open({ host: neighboursHost({ askSource: () => null }) });
    await page.getByRole('button', { name: 'Compare with Source' }).click();
    await page.getByText(/No open plan has this table/).waitFor();
    await clean();
    await page.getByRole('button', { name: 'Ask the source again' }).click();
    await page.getByText(/No open plan has this table/).waitFor();
    assert.equal(panel!.calls.filter(({ method }) => method === 'askSource').length, 2);
  });

  it('shows progress of what takes long, and cancels it', async () => {
    let asked: AbortSignal | null = null;
    const { page } = await open({
      host: neighboursHost({
        askSource: (_search, signal) => {
          asked = signal;
          return new Promise(() => undefined);
        },
        measureRecall: () => {
          throw new MigrationError('bad-usage', { context: { detail: 'There is nothing to measure', hint: 'Build an index first.' } });
        },
      }),
    });
    await page.getByRole('button', { name: 'Compare with Source' }).click();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    await panel!.emit('progress', { task: 'source', done: 1_200, of: 48_210 });
    await page.getByText('1,200 of 48,210 rows').waitFor();
    assert.match(await page.locator('vscode-button:focus').innerText(), /Cancel/, 'the focus goes along');
    await clean();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Compare with Source' }).waitFor();
    const deadline = performance.now() + 5_000;
    while ((asked as AbortSignal | null)?.aborted !== true && performance.now() < deadline) await page.waitForTimeout(10);
    assert.equal((asked as AbortSignal | null)?.aborted, true);
    await page.getByRole('button', { name: 'Measure Recall' }).click();
    await page.getByRole('alert').getByText('There is nothing to measure. Build an index first.').waitFor();
    await page.getByRole('button', { name: 'Measure Recall' }).waitFor();
  });

  it('takes the place of a row where there is no key', async () => {
    const columns = init.columns.map((column) => ({ ...column, key: null }));
    const ready = { ...init, columns, subject: { ...init.subject, key: ['16500', '(0,1)'] } };
    const { page } = await open({ host: neighboursHost({ ready: () => ready, search: () => ({ ...found, columns }) }) });
    const place = page.getByRole('textbox', { name: 'Row: ctid' });
    await page.waitForTimeout(50);
    assert.equal(await place.inputValue(), '16500 (0,1)');
    await place.fill('16500 (0,2)');
    await page.keyboard.press('Enter');
    assert.deepEqual((await search(2)).query, { kind: 'row', key: ['16500', '(0,2)'] });
  });

  it('shows any other error as a card', async () => {
    const host = neighboursHost({
      search: () => {
        throw new MigrationError('no-such-target-table', { context: { table: 'public.reports' } });
      },
    });
    const { page } = await open({ host });
    await page.getByRole('alert').getByText('There is no table or view "public.reports"').waitFor();
    await clean();
  });

  it('starts from the first row with a vector, and says when there is none', async () => {
    const closed = { ...init, subject: { ...init.subject, key: null } };
    await open({ host: neighboursHost({ ready: () => closed, firstKey: () => ['row 9'] }) });
    assert.deepEqual(searches()[0]?.query, { kind: 'row', key: ['row 9'] });
    await panel!.close();
    const { page } = await open({ host: neighboursHost({ ready: () => closed, firstKey: () => null }) });
    await page.getByText('No row has a vector in embedding yet.').waitFor();
    assert.equal(searches().length, 0);
    await clean();
  });

  it('keeps its state, and forgets that of another column', async () => {
    await open();
    await exact().getByRole('option').nth(2).click();
    await search(2);
    const kept = panel!.state() as NeighboursPanelState;
    assert.deepEqual(kept, {
      subject: init.subject,
      search: { query: { kind: 'row', key: ['row 3'] }, k: 10, metric: null, filter: null, effort: null, oversampling: null },
      trail: [['row 0']],
    });
    await panel!.close();
    await open({ state: kept });
    assert.deepEqual(searches()[0]?.query, { kind: 'row', key: ['row 3'] });
    await panel!.page.keyboard.press('Alt+ArrowLeft');
    assert.deepEqual((await search(2)).query, { kind: 'row', key: ['row 0'] });
    await panel!.close();
    await open({ state: { ...kept, subject: { ...init.subject, column: 'other' } } });
    assert.deepEqual(searches()[0]?.query, { kind: 'row', key: ['row 0'] });
  });

  it('stacks the lists in a narrow panel, with notes instead of lines', async () => {
    const { page } = await open({ viewport: { width: 700, height: 900 } });
    const [above, below] = [await exact().boundingBox(), await indexed().boundingBox()];
    assert.ok(below!.y > above!.y + above!.height - 1);
    assert.equal(await page.locator('.connectors').isVisible(), false);
    await page.getByText('5 → 4').first().waitFor();
    await panel!.screenshot('narrow');
    await clean();
  });

  it('drops the answer to a search that a newer one replaced', async () => {
    let first = true;
    const host = neighboursHost({
      search: async (_, signal) => {
        if (!first) return found;
        first = false;
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        return withoutIndex;
      },
    });
    panel = await openPanel<NeighboursPanelMethods>({ panel: 'neighbours', host });
    await panel.page.getByRole('textbox', { name: 'Row: id' }).fill('row 5');
    await panel.page.keyboard.press('Enter');
    await indexed().waitFor();
    assert.equal(panel.cancelled.length, 1);
    assert.equal(await panel.page.locator('.warning-strip').isVisible(), false);
    assert.deepEqual(panel.errors(), []);
  });

  it('is smaller than 350 kB', () => {
    const bytes = statSync(join(import.meta.dirname, '../../dist/webview/neighbours.js')).size;
    console.log(`      neighbours.js: ${Math.round(bytes / 1000)} kB`);
    assert.ok(bytes < 350_000);
  });
});
