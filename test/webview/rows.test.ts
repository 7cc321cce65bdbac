import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import type { RowsView } from '../../src/core/model/rows.ts';
import type { RowsPanelMethods, RowsPanelState } from '../../src/protocol/rows-panel.ts';
import { openPanel, requireChromium, themes, type OpenPanel, type PanelHost, type PanelOptions } from '../helpers/webview.ts';
import { init, longText, page, rowsHost } from './rows-host.ts';

describe('rows panel', () => {
  let panel: OpenPanel | undefined;

  before(function () {
    requireChromium(this);
  });
  afterEach(async () => {
    await panel?.close();
    panel = undefined;
  });

  async function open(rows: number, more: Partial<PanelOptions<RowsPanelMethods>> = {}): Promise<OpenPanel> {
    panel = await openPanel<RowsPanelMethods>({ panel: 'rows', host: rowsHost(rows), ...more });
    await panel.page.locator('.grid-body .grid-row:not(.loading)').first().waitFor();
    return panel;
  }
  const cell = (row: number, column: number): Locator => panel!.page.locator(`[data-row="${row}"] [data-column="${column}"]`);
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await panel!.page.keyboard.press(key);
  };
  const params = (method: string): unknown => panel!.calls.findLast((call) => call.method === method)?.params;
  /** Moves the scroll bar; the position is an expression of `scroller`. */
  const scroll = (to: string): Promise<unknown> =>
    panel!.page.evaluate(`(() => { const scroller = document.querySelector('.grid-scroller'); scroller.scrollTop = ${to}; })()`);
  const clean = async (): Promise<void> => {
    assert.deepEqual([panel!.violations(), panel!.errors(), await panel!.axe()], [[], [], []]);
  };

  for (const theme of themes) {
    it(`breaks no rule of the policy and is accessible in ${theme}`, async () => {
      const { page } = await open(48_211, { theme });
      await page.locator('.record-lines').waitFor();
      await panel!.screenshot(theme);
      await clean();
      await page.getByRole('button', { name: 'Columns 9' }).click();
      await page.getByRole('dialog', { name: 'Columns' }).waitFor();
      await clean();
      await press('Escape');
      await page.locator('#filter').click();
      await page.keyboard.type('confidence > 0.85');
      await press('Enter');
      await page.locator('.sql-text .token-number', { hasText: '0.85' }).waitFor();
      await clean();
      await page.locator('#filter').click();
      await press('Control+a');
      await page.keyboard.type('nowhere = 1');
      await press('Enter');
      await page.locator('#filter-error:visible').waitFor();
      await cell(2, 4).click();
      await clean();
    });
  }

  it('scrolls through a million rows by key and by bar, with few of them in the document', async () => {
    const { page } = await open(1_000_000);
    const grid = page.getByRole('grid');
    assert.equal(await grid.getAttribute('aria-rowcount'), '1000001');
    await cell(0, 1).click();
    await press('Control+End');
    await cell(999_999, 0).getByText('999999').waitFor();
    assert.equal(await page.locator('.grid-row.active, .grid-cell:focus').count(), 1);
    await scroll('0');
    await cell(0, 0).getByText('0').waitFor();
    await scroll('scroller.scrollHeight');
    const last = cell(999_999, 0);
    await last.getByText('999999').waitFor();
    const [box, area] = [await last.boundingBox(), await page.locator('.grid-scroller').boundingBox()];
    assert.ok(box!.y + box!.height <= area!.y + area!.height + 1, 'the last row is wholly visible');
    assert.ok((await page.locator('.grid-body .grid-row').count()) < 80);
    assert.deepEqual(panel!.errors(), []);
  });

  it('reaches every row beyond the largest element of Chromium', async () => {
    const { page } = await open(5_000_000);
    await cell(0, 0).click();
    await press('Control+End');
    await cell(4_999_999, 0).getByText('4999999').waitFor();
    await press('ArrowUp', 'ArrowUp');
    await page.locator('[data-row="4999997"] .grid-cell:focus').waitFor();
    await press('Control+Home');
    await cell(0, 0).getByText('0').waitFor();
    await page.mouse.move(300, 500);
    await page.mouse.wheel(0, 240);
    await cell(10, 0).getByText('10').waitFor();
    const head = await page.locator('.grid-head').boundingBox();
    assert.ok(Math.abs((await cell(10, 0).boundingBox())!.y - head!.y - head!.height) < 2, 'the wheel moves by pixels, not by the scale');
    await scroll('scroller.scrollHeight / 2');
    await page
      .locator('.grid-row:not(.loading) [data-column="0"]', { hasText: /^25\d{5}$/ })
      .first()
      .waitFor();
  });

  it('works by keyboard alone', async () => {
    const { page } = await open(1_000);
    await press('Control+f');
    assert.equal(await page.evaluate('document.activeElement.id'), 'filter');
    await press('Escape', 'ArrowDown', 'ArrowRight', 'ArrowRight');
    await page.locator('[data-row="1"] [data-column="2"]:focus').waitFor();
    await press('Enter');
    assert.deepEqual(params('openCell'), { view: { filter: null, sort: [], columns: null }, offset: 1, column: 'category' });
    await press('Home', 'Control+c');
    await page.getByRole('status').getByText('Copied').waitFor();
    assert.deepEqual(params('copyText'), { text: '1' });
    await press('ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowDown', 'Control+c');
    await page.getByRole('status').getByText('Copied 4 cells').waitFor();
    assert.deepEqual(params('copyText'), { text: 'water\t0.801\nwater\t0.802' });
    await press('Space');
    assert.equal(await page.locator('.record').isVisible(), false);
    await press('Space');
    await page.locator('.record:visible').waitFor();
    await press('PageDown', 'Control+Home', 'ArrowUp');
    await page.locator('[role=columnheader][data-column="0"]:focus').waitFor();
    const before = await page.locator('[role=columnheader]').first().boundingBox();
    await press('Shift+ArrowRight');
    assert.equal((await page.locator('[role=columnheader]').first().boundingBox())!.width, before!.width + 16);
    await press('Enter');
    await page.locator('[role=columnheader][aria-sort=ascending]:focus').waitFor();
    await press('Enter');
    await page.locator('[role=columnheader][aria-sort=descending]:focus').waitFor();
    await cell(0, 0).getByText('999').waitFor();
    await press('ArrowRight', 'Shift+Enter');
    await page.getByRole('group', { name: 'Sort' }).getByText('title').waitFor();
    const { view } = params('page') as { view: { sort: unknown } };
    assert.deepEqual(view.sort, [
      { column: 'id', descending: true },
      { column: 'title', descending: false },
    ]);
  });

  it('is one tab stop, also while the current row is out of sight', async () => {
    const { page } = await open(10_000);
    await cell(3, 1).click();
    await scroll('100_000');
    await page.locator('[data-row="4200"]').waitFor();
    await press('ArrowDown');
    await page.locator('[data-row="4"] [data-column="1"]:focus').waitFor();
    assert.equal(await page.locator('.grid [tabindex="0"]').count(), 1);
    await press('Tab');
    assert.equal(await page.locator('.grid :focus').count(), 0);
    await press('Shift+Tab');
    await page.locator('[data-row="4"] [data-column="1"]:focus').waitFor();
  });

  it('filters on the server, shows what is wrong at the field and keeps the rows', async () => {
    const { page } = await open(48_211);
    await page.getByText('48,211 rows', { exact: true }).waitFor();
    await page.locator('#filter').click();
    await page.keyboard.type("category = 'water'");
    await press('Enter');
    await page.getByText('1,284 of 48,211 rows').waitFor();
    await page.locator('.sql-text', { hasText: "WHERE category = 'water'" }).waitFor();
    await page.getByRole('columnheader', { name: /category.*in the filter/ }).waitFor();
    await page.locator('#filter').click();
    await press('Control+a');
    await page.keyboard.type('nowhere');
    await press('Enter');
    await page.locator('#filter-error', { hasText: 'column "nowhere" does not exist' }).waitFor();
    assert.equal(await cell(0, 0).textContent(), '0');
    await press('Control+a');
    await page.keyboard.type('false');
    await press('Enter');
    await page.getByText('No row matches the filter.').waitFor();
    assert.equal(await page.locator('#filter-error').isVisible(), false);
    await clean();
    await page.getByRole('button', { name: 'Clear Filter' }).click();
    await page.getByText('48,211 rows', { exact: true }).waitFor();
    await clean();
  });

  it('starts with the condition it was opened with, and later with the one that was left', async () => {
    const filter = "reporter_id = '41d7c0aa-6d2a-4f0e-9b1d-2f7730c1a954'";
    const subject = { ...init(0).subject, filter };
    const host: PanelHost<RowsPanelMethods> = { ...rowsHost(48_211), ready: () => ({ ...init(48_211), subject }) };
    const first = await open(48_211, { host });
    const field = first.page.getByRole('textbox', { name: 'Filter: SQL condition' });
    await first.page.getByText('1,284 of 48,211 rows').waitFor();
    assert.equal(await field.inputValue(), filter);
    const views = first.calls.filter(({ method }) => method === 'page').map(({ params }) => (params as { view: RowsView }).view);
    assert.deepEqual(views, [{ filter, sort: [], columns: null }], 'the whole table is not read first');
    await field.fill('');
    await field.press('Enter');
    await first.page.getByText('48,211 rows', { exact: true }).waitFor();
    const state = first.state() as RowsPanelState;
    assert.deepEqual([state.subject, state.view.filter], [subject, null]);
    await first.close();
    const { page } = await open(48_211, { host, state });
    await page.getByText('48,211 rows', { exact: true }).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Filter: SQL condition' }).inputValue(), '');
  });

  it('drops the answer to a sort that was overtaken', async () => {
    let release = (): void => undefined;
    const first = new Promise<void>((resolve) => (release = resolve));
    const host: PanelHost<RowsPanelMethods> = {
      ...rowsHost(500),
      page: async ({ view, offset, limit }, signal) => {
        if (view.sort[0]?.column === 'title') await first;
        if (signal.aborted) assert.equal(view.sort[0]?.column, 'title');
        return page(500, view, offset, limit);
      },
    };
    const opened = await open(500, { host });
    await opened.page.getByRole('columnheader', { name: /title/ }).click();
    await opened.page.getByRole('columnheader', { name: /category/ }).click();
    await opened.page.locator('[role=columnheader][data-column="2"][aria-sort=ascending]').waitFor();
    release();
    await opened.page.waitForTimeout(200);
    assert.equal(await opened.page.locator('[role=columnheader][data-column="1"]').getAttribute('aria-sort'), 'none');
    const overtaken = opened.calls.find(({ method, params }) => method === 'page' && JSON.stringify(params).includes('"title"'));
    assert.deepEqual(opened.cancelled, [overtaken!.id]);
    assert.deepEqual(opened.errors(), []);
  });

  it('comes back as it was left', async () => {
    const first = await open(48_211);
    await first.page.getByRole('button', { name: 'Columns 9' }).click();
    await first.page.getByRole('checkbox', { name: 'notes' }).click();
    await press('Escape');
    await first.page.getByRole('columnheader', { name: /confidence/ }).click();
    await cell(7, 2).click();
    await first.page.waitForTimeout(100);
    const state = first.state() as RowsPanelState;
    await first.close();
    assert.deepEqual([state.hidden, state.selected], [['notes'], 7]);
    assert.deepEqual(state.subject, init(0).subject);
    await open(48_211, { state });
    await panel!.page.getByRole('button', { name: 'Columns 8 of 9' }).waitFor();
    await panel!.page.locator('[data-row="7"].current').waitFor();
    await panel!.page.locator('[role=columnheader][data-column="3"][aria-sort=ascending]').waitFor();
    assert.equal(await panel!.page.getByRole('columnheader', { name: /notes/ }).count(), 0);
    await panel!.page.locator('.record-place', { hasText: '8 of 48,211' }).waitFor();
  });

  it('shows the record with all values, and leads on from it', async () => {
    const { page } = await open(100);
    await cell(2, 1).click();
    const record = page.getByRole('complementary', { name: 'Record' });
    await record.locator('.record-place', { hasText: '3 of 100' }).waitFor();
    await record.getByText('2,320 characters').waitFor();
    await record.locator('pre', { hasText: '"shops": 2,\n' }).waitFor();
    assert.match((await record.locator('.vector-facts').textContent()) ?? '', /^norm \d\.\d{4}min −0\.\d+max 0\.\d+\d zeros?$/);
    await record.getByRole('link', { name: '41d7c0aa-6d2a-4f0e-9b1d-2f7730c1a954' }).click();
    await record.getByRole('link', { name: 'Neighbours' }).click();
    await record.getByRole('button', { name: 'Next row' }).click();
    await record.locator('.record-place', { hasText: '4 of 100' }).waitFor();
    await record.getByRole('button', { name: 'Copy row as JSON' }).click();
    assert.deepEqual(params('openReferenced'), { column: 'reporter_id', value: '41d7c0aa-6d2a-4f0e-9b1d-2f7730c1a954' });
    assert.deepEqual(params('openNeighbours'), { column: 'embedding', key: ['2'] });
    assert.equal((JSON.parse((params('copyText') as { text: string }).text) as { notes: string }).notes, longText);
  });

  it('copies the whole value of a cell that a page holds only in part', async () => {
    const { page } = await open(100);
    await cell(0, 7).click();
    await press('Control+c');
    await page.getByRole('status').getByText('Copied').waitFor();
    assert.deepEqual(params('copyText'), { text: longText });
    await cell(0, 8).click();
    await press('Control+c');
    await page.waitForTimeout(200);
    const { text } = params('copyText') as { text: string };
    assert.equal((JSON.parse(text) as number[]).length, 384);
  });

  it('changes widths by mouse, and counts again only for another condition', async () => {
    const { page } = await open(100);
    await page.getByText('100 rows', { exact: true }).waitFor();
    const drag = async (from: { x: number; y: number }, by: number): Promise<void> => {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(from.x + by, from.y, { steps: 3 });
      await page.mouse.up();
    };
    const header = page.getByRole('columnheader', { name: /title/ });
    const before = (await header.boundingBox())!;
    await drag({ x: before.x + before.width - 3, y: before.y + 10 }, 50);
    assert.equal((await header.boundingBox())!.width, before.width + 50);
    assert.equal(await header.getAttribute('aria-sort'), 'none');
    const pane = (await page.locator('.record').boundingBox())!;
    await drag({ x: pane.x - 2, y: 400 }, -60);
    assert.equal((await page.locator('.record').boundingBox())!.width, pane.width + 60);
    await header.click();
    await page.locator('[role=columnheader][data-column="1"][aria-sort=ascending]').waitFor();
    assert.equal(panel!.calls.filter(({ method }) => method === 'count').length, 1);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByRole('status').getByText('Refreshed').waitFor();
    assert.equal(panel!.calls.filter(({ method }) => method === 'count').length, 2);
  });

  it('exports, compares and opens the SQL', async () => {
    const { page } = await open(100);
    await page.getByRole('button', { name: 'Export…' }).click();
    await press('ArrowDown', 'ArrowDown', 'Enter');
    await page.getByRole('status').getByText('100 rows exported').waitFor();
    assert.equal((params('exportRows') as { format: string }).format, 'sql');
    await page.getByRole('button', { name: 'Compare rows with the source' }).click();
    await page.getByRole('button', { name: 'Open SQL in an editor' }).click();
    assert.match((params('openSql') as { sql: string }).sql, /^SELECT id, title/);
    assert.ok(panel!.calls.some(({ method }) => method === 'openRowDiff'));
  });

  it('shows markup in values as text', async () => {
    const evil = '<img src=x onerror="document.title = 1"><b>bold</b>';
    const host: PanelHost<RowsPanelMethods> = {
      ...rowsHost(1),
      page: ({ view, offset, limit }) => {
        const shown = page(1, view, offset, limit);
        return { ...shown, rows: shown.rows.map((row) => row.map((value, at) => (at === 1 || at === 4 ? evil : value))) };
      },
    };
    const { page: opened } = await open(1, { host });
    assert.equal(await cell(0, 1).textContent(), evil);
    assert.equal(await opened.locator('main img, main b').count(), 0);
  });

  it('puts the record below the rows in a narrow tab', async () => {
    const { page } = await open(100, { viewport: { width: 700, height: 800 } });
    await cell(1, 1).click();
    assert.equal(await page.locator('.record').isVisible(), false);
    await press('Space');
    const [grid, record] = [await page.getByRole('grid').boundingBox(), await page.locator('.record').boundingBox()];
    assert.ok(record!.y >= grid!.y + grid!.height - 1);
    await clean();
  });

  it('has its first rows quickly and keeps its size', async function () {
    const started = performance.now();
    await open(1_000_000);
    const script = statSync(join(import.meta.dirname, '../../dist/webview/rows.js')).size;
    const style = statSync(join(import.meta.dirname, '../../dist/webview/rows.css')).size;
    console.log(
      `      rows page: ${Math.round((script + style) / 1000)} kB, first rows after ${Math.round(performance.now() - started)} ms with the browser's start`,
    );
    assert.ok(script + style < 350_000);
  });
});
