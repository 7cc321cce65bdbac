import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { MigrationError } from '../../src/core/errors.ts';
import type { DuplicatesPanelMethods, DuplicatesPanelSearch, DuplicatesPanelState } from '../../src/protocol/duplicates-panel.ts';
import { panelSuite, themes, type OpenPanel, type PanelOptions } from '../helpers/webview.ts';
import { duplicatesHost, found, subject } from './duplicates-host.ts';

const first: DuplicatesPanelSearch = { threshold: 0.9, metric: null, exact: false };

describe('near-duplicates panel', () => {
  const suite = panelSuite();
  const open = (more: Partial<PanelOptions<DuplicatesPanelMethods>> = {}): Promise<OpenPanel> =>
    suite.open<DuplicatesPanelMethods>({ panel: 'duplicates', host: duplicatesHost(), ...more });
  const list = (): Locator => suite.panel().page.getByRole('listbox', { name: /near-duplicate rows/ });
  const marked = async (): Promise<string | null> => list().getAttribute('aria-activedescendant');

  for (const theme of themes) {
    it(`breaks no rule of the policy and is accessible in ${theme}`, async () => {
      const { page, screenshot, assertClean } = await open({ theme });
      await list().focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('button', { name: 'Write to Table…' }).click();
      await page.getByRole('button', { name: 'Write 4 Pairs' }).waitFor();
      await screenshot(theme);
      await assertClean();
      await page.getByRole('button', { name: 'Groups' }).click();
      await screenshot(`groups-${theme}`);
      await assertClean();
    });
  }

  it('shows pairs with what their rows are, what was used, and how far it can be trusted', async () => {
    const { page, asked } = await open();
    await list().waitFor();
    await asked('search', first);
    const options = list().getByRole('option');
    assert.equal(await options.count(), 4);
    assert.equal(
      (await options.first().innerText()).replace(/\s*\n+\s*/g, ' | '),
      '1 | Flooded shops after main broke | water · high · 2026-02-10 05:48:00+00 | ≈ | Shops flooded, main pipe broken | water · high · 2026-02-11 05:48:00+00 | , similarity | 0.987',
    );
    const metrics = await page.locator('.metric').allInnerTexts();
    assert.deepEqual(
      metrics.map((text) => text.replaceAll('\n', ' ')),
      ['Pairs 4 cosine', 'Rows 48,211', 'Found through the index reports_embedding_idx · hnsw', 'Time 4.2 s'],
    );
    await page.getByText('4 pairs at similarity 0.90 or more').waitFor();
    assert.match(await page.locator('.warning-strip').innerText(), /which is approximate/);
  });

  it('puts both rows of a pair side by side, value by value', async () => {
    const { page } = await open();
    const table = page.getByRole('region', { name: 'Values of both rows' });
    await table.getByRole('row', { name: /title/ }).waitFor();
    assert.match(await table.getByRole('row', { name: /^title/ }).innerText(), /Flooded shops.*≠.*different.*Shops flooded/s);
    assert.match(await table.getByRole('row', { name: /^category/ }).innerText(), /water.*equal.*water/s);
    assert.match(await table.getByRole('row', { name: /^body/ }).innerText(), /NULL.*equal.*NULL/s);
    await page.getByRole('heading', { name: 'Similarity 0.987' }).waitFor();
  });

  it('goes by the keyboard alone: one tab stop, arrows, Enter for neighbours of either row, O for both rows', async () => {
    const { page, calls, asked } = await open();
    await list().focus();
    assert.equal(await marked(), 'pair-0');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await asked('openNeighbours', { key: ['8c1f04be-0002'] });
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await asked('openNeighbours', { key: ['8c1f04be-0003'] });
    await page.keyboard.press('o');
    await asked('openRows', { keys: [['8c1f04be-0002'], ['8c1f04be-0003']] });
    await page.keyboard.press('End');
    assert.equal(await marked(), 'pair-3');
    await page.keyboard.press('ArrowDown');
    assert.equal(await marked(), 'pair-3');
    await page.keyboard.press('Home');
    assert.equal(await marked(), 'pair-0');
    await page.keyboard.press('Tab');
    assert.notEqual(await page.locator(':focus').first().getAttribute('role'), 'listbox', 'the list is one tab stop');
    assert.equal(calls.filter(({ method }) => method === 'search').length, 1);
  });

  it('groups rows that pairs connect', async () => {
    const { page, asked, state } = await open();
    await page.getByRole('button', { name: 'Groups' }).click();
    const groups = page.getByRole('group', { name: /^Group \d/ });
    assert.deepEqual(await Promise.all((await groups.all()).map((group) => group.getAttribute('aria-label'))), [
      'Group 1: 3 rows, similarity 0.955 to 0.971',
      'Group 2: 2 rows, similarity 0.987',
      'Group 3: 2 rows, similarity 0.968',
    ]);
    assert.equal((state() as DuplicatesPanelState).grouped, true);
    await list().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await marked(), 'group-0-2');
    await page.keyboard.press('o');
    await asked('openRows', { keys: [['8c1f04be-0006'], ['8c1f04be-0002']] });
    await page.keyboard.press('ArrowDown');
    assert.equal(await marked(), 'group-1-0');
  });

  it('searches again when threshold, slider, metric or exactness change, and remembers them', async () => {
    const { page, asked, state } = await open();
    await list().waitFor();
    const field = page.getByRole('textbox', { name: 'Least similarity' });
    await field.fill('0.925');
    await page.keyboard.press('Enter');
    await asked('search', { ...first, threshold: 0.925 });
    await page.getByText('at similarity 0.925 or more').waitFor();
    await page.getByRole('slider').focus();
    await page.keyboard.press('ArrowRight');
    await asked('search', { ...first, threshold: 0.93 });
    // The control draws what it is given a moment later.
    await page.locator('vscode-text-field[current-value="0.93"]').waitFor();
    await page.getByRole('combobox', { name: 'Metric' }).click();
    await page.getByRole('option', { name: 'L2' }).click();
    await asked('search', { threshold: 0.93, metric: 'l2', exact: false });
    await page.getByRole('checkbox', { name: 'Compare every pair' }).click();
    await asked('search', { threshold: 0.93, metric: 'l2', exact: true });
    await page.getByText('every pair compared').waitFor();
    await page.locator('.warning-strip').waitFor({ state: 'hidden' });
    assert.deepEqual(state(), {
      subject,
      search: { threshold: 0.93, metric: 'l2', exact: true },
      grouped: false,
    } satisfies DuplicatesPanelState);
    await field.fill('much');
    await page.keyboard.press('Enter');
    await page.locator('vscode-text-field[current-value="0.93"]').waitFor();
  });

  it('comes back with the search that it had', async () => {
    const kept: DuplicatesPanelState = { subject, search: { threshold: 0.8, metric: 'ip', exact: true }, grouped: true };
    const { page, asked } = await open({ state: kept });
    await asked('search', kept.search);
    await page.getByRole('group', { name: /^Group 1/ }).waitFor();
    assert.equal(await page.getByRole('slider').isDisabled(), true, 'an inner product has no bounds');
  });

  it('says how far it is, and is cancelled', async () => {
    const { page, emit, cancelled, calls, assertClean } = await open({ host: duplicatesHost({ search: () => new Promise(() => {}) }) });
    await page.getByText('Comparing vectors…').waitFor();
    await emit('progress', { rows: 12_000, totalRows: 48_211, secondsLeft: 30.4 });
    await page.getByText('12,000 of 48,211 rows compared · 31 s left').waitFor();
    assert.equal(await page.locator('.progress-bar').getAttribute('aria-valuenow'), '25');
    await assertClean();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('The search was cancelled.').first().waitFor();
    assert.deepEqual(cancelled, [calls.find(({ method }) => method === 'search')!.id]);
    assert.equal(await page.getByRole('button', { name: 'Write to Table…' }).getAttribute('disabled'), '');
    await page.getByRole('button', { name: 'Search Again' }).click();
    await page.getByText('Comparing vectors…').waitFor();
  });

  it('a newer search ends the one under way', async () => {
    let asked = 0;
    const host = duplicatesHost({ search: () => ((asked += 1) === 1 ? new Promise(() => {}) : found) });
    const { page, cancelled } = await open({ host });
    await page.getByText('Comparing vectors…').waitFor();
    await page.getByRole('checkbox', { name: 'Compare every pair' }).click();
    await list().waitFor();
    assert.equal(cancelled.length, 1);
    await page.locator('.progress-strip').waitFor({ state: 'hidden' });
  });

  it('says how many pairs are not shown', async () => {
    const { page } = await open({ host: duplicatesHost({ search: () => ({ ...found, count: 4_213 }) }) });
    await page.getByText('4,213 pairs at similarity 0.90 or more · the first 4 of 4,213').waitFor();
  });

  it('says when there is nothing', async () => {
    const none = { ...found, count: 0, pairs: [], payload: { columns: [], rows: [] } };
    const { page, assertClean } = await open({ host: duplicatesHost({ search: () => none }) });
    await page.getByText('No two of 48,211 rows are so similar.').waitFor();
    await assertClean();
  });

  it('shows what is wrong with a threshold at its field', async () => {
    const detail = 'With metric cosine the threshold is a similarity: more than -1 and at most 1';
    const fail = (): never => {
      throw new MigrationError('bad-usage', { context: { detail, hint: 'Choose another threshold, for example 0.9.' } });
    };
    const { page, assertClean } = await open({ host: duplicatesHost({ search: fail }) });
    await page.getByRole('alert').getByText(detail).waitFor();
    await assertClean();
  });

  it('shows an error with its remedy, and searches again', async () => {
    const fail = (): never => {
      throw new MigrationError('no-such-target-table', { context: { table: 'public.reports' } });
    };
    const { page, assertClean } = await open({ host: duplicatesHost({ search: fail }) });
    await page.locator('.error-card').waitFor();
    await assertClean();
    await page.getByRole('button', { name: 'Search Again' }).waitFor();
  });

  describe('writing to a table', () => {
    const name = (): Locator => suite.panel().page.getByRole('textbox', { name: 'Table' });

    it('shows the statements first, writes every pair, and says what was done', async () => {
      const { page, asked, calls } = await open();
      await list().waitFor();
      assert.equal(await name().inputValue(), 'related_reports');
      await name().focus();
      await page.keyboard.press('Enter');
      await page.getByText('public.related_reports is made, with report_id, related_report_id, similarity_score').first().waitFor();
      assert.match(await page.locator('.sql-block').innerText(), /CREATE TABLE public\.related_reports/);
      assert.equal(calls.filter(({ method }) => method === 'writeTable').length, 0);
      assert.equal((await page.locator(':focus').first().innerText()).trim(), 'Write 4 Pairs');
      await page.keyboard.press('Enter');
      await asked('writeTable', { ...first, table: 'related_reports', columns: null });
      await page.getByText('4 pairs written into public.related_reports.').waitFor();
    });

    it('says that there is nothing to change the second time, and takes columns', async () => {
      const host = duplicatesHost({
        writeTable: () => ({ table: 'public.mine', columns: [], created: false, inserted: 0, updated: 0, unchanged: 4, others: 2 }),
      });
      const { page, asked } = await open({ host });
      await list().waitFor();
      await name().fill('mine');
      await page.getByRole('textbox', { name: 'Columns' }).fill('a, b, score');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Write 4 Pairs' }).click();
      await asked('writeTable', { ...first, table: 'mine', columns: ['a', 'b', 'score'] });
      await page.getByText('Nothing to change: 4 pairs are in public.mine already.').waitFor();
    });

    it('takes back what was previewed when the name or the search changes', async () => {
      const { page } = await open();
      await list().waitFor();
      const write = page.getByRole('button', { name: 'Write 4 Pairs' });
      await page.getByRole('button', { name: 'Write to Table…' }).click();
      await write.waitFor();
      await name().fill('other');
      await write.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Write to Table…' }).click();
      await write.waitFor();
      await page.getByRole('checkbox', { name: 'Compare every pair' }).click();
      await write.waitFor({ state: 'detached' });
    });

    it('shows at the field why a table cannot take them', async () => {
      const fail = (): never => {
        throw new MigrationError('pair-table-unfit', { context: { table: 'public.reports', detail: 'it is the table that is searched' } });
      };
      const { page, assertClean } = await open({ host: duplicatesHost({ previewTable: fail }) });
      await list().waitFor();
      await page.getByRole('button', { name: 'Write to Table…' }).click();
      await page.getByRole('alert').getByText('it is the table that is searched').waitFor();
      await assertClean();
    });

    it('says so when the user did not go on', async () => {
      const { page } = await open({ host: duplicatesHost({ writeTable: () => null }) });
      await list().waitFor();
      await page.getByRole('button', { name: 'Write to Table…' }).click();
      await page.getByRole('button', { name: 'Write 4 Pairs' }).click();
      await page.getByText('Nothing was written.').waitFor();
    });
  });

  it('fits a narrow panel', async () => {
    const { page, screenshot, assertClean } = await open({ viewport: { width: 600, height: 900 } });
    await list().waitFor();
    await screenshot('narrow');
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= 600'), true);
    await assertClean();
  });

  it('is smaller than 350 kB', () => {
    assert.ok(statSync(join(import.meta.dirname, '../../dist/webview/duplicates.js')).size < 350_000);
  });
});
