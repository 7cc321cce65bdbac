import assert from 'node:assert/strict';
import type { RowDiffPanelMethods } from '../../src/protocol/row-diff-panel.ts';
import { sampleComparison } from '../helpers/sample-comparison.ts';
import { openPanel, requireChromium, themes, type OpenPanel, type PanelHost } from '../helpers/webview.ts';

const subject = { profile: 'embedded', input: { kind: 'run', runId: 'r-0123456789ab' }, table: 'public.memory_relations' } as const;

function host(changes: PanelHost<RowDiffPanelMethods> = {}): PanelHost<RowDiffPanelMethods> {
  return {
    ready: () => ({ subject, sourceLabel: 'widget-tdc.db', targetLabel: 'embedded' }),
    compare: () => sampleComparison(),
    equalRows: ({ limit }) =>
      Array.from({ length: Math.min(limit, 10) }, (_, at) => [String(at + 1), 'supports', '0.85', '{}', '2022-03-22 12:00:00+00']),
    openCellDiff: () => null,
    copyText: () => null,
    goToSource: () => null,
    ...changes,
  };
}

describe('row diff page', function () {
  let panel: OpenPanel | undefined;
  before(function () {
    requireChromium(this);
  });
  afterEach(async () => {
    await panel?.close();
    panel = undefined;
  });
  const open = async (changes: PanelHost<RowDiffPanelMethods> = {}, theme?: (typeof themes)[number]): Promise<OpenPanel> => {
    panel = await openPanel<RowDiffPanelMethods>({ panel: 'row-diff', host: host(changes), ...(theme === undefined ? {} : { theme }) });
    return panel;
  };

  for (const theme of themes) {
    it(`is clean for axe and the policy (${theme})`, async () => {
      const { page, axe, violations, errors, screenshot } = await open({}, theme);
      await page.getByRole('heading', { name: '4 of 37 rows differ' }).waitFor();
      await screenshot(theme);
      assert.deepEqual(await axe(), []);
      assert.deepEqual(violations(), []);
      assert.deepEqual(errors(), []);
    });
  }

  it('shows the numbers of the verification and exactly the cells that differ', async () => {
    const { page } = await open();
    await page.getByText('Source 36 · target 36 · matched by id').waitFor();
    for (const name of ['Different 2', 'Missing in target 1', 'Extra in target 1', 'Equal 33']) {
      await page.getByRole('button', { name: new RegExp(name.replace(/(\d+)$/, '\\s*$1')) }).waitFor();
    }
    assert.equal(await page.locator('.grid .differs').count(), 3);
    const values = await page.locator('.grid .differs .side').allInnerTexts();
    assert.ok(values.some((text) => text.includes('relates_to')) && values.some((text) => text.includes('0.55')), values.join('|'));
  });

  it('folds equal rows and opens a fold in place', async () => {
    const { page, calls } = await open();
    const fold = page.locator('.fold', { hasText: '10 equal rows' }).first();
    await fold.dblclick();
    await page.getByText('2022-03-22 12:00:00+00').first().waitFor();
    assert.deepEqual(calls.find(({ method }) => method === 'equalRows')?.params, { after: null, before: '1042', limit: 100 });
    await page.locator('.fold', { hasText: '5 equal rows' }).waitFor();
    assert.equal(await page.locator('.fold', { hasText: '10 equal rows' }).count(), 1, 'the fold at the end is still closed');
  });

  it('filters by state, by column and by what was typed, and comes back', async () => {
    const { page } = await open();
    const rows = page.locator('.grid .diff-row');
    await page.getByRole('button', { name: /Different/ }).click();
    await page.locator('.diff-row.state-different').waitFor({ state: 'detached' });
    assert.equal(await rows.count(), 2);
    await page.getByRole('button', { name: /Different/ }).click();
    await page.getByRole('button', { name: /^strength 1$/ }).click();
    await page.locator('.diff-row.state-missing').waitFor({ state: 'detached' });
    assert.equal(await rows.count(), 1);
    await page.getByRole('button', { name: /^strength 1$/ }).click();
    await page.getByRole('textbox', { name: 'Find key or value' }).fill('9002');
    await page.keyboard.press('Enter');
    await page.locator('.diff-row.state-different').first().waitFor({ state: 'detached' });
    assert.equal(await rows.count(), 1);
    await page.getByRole('textbox', { name: 'Find key or value' }).fill('nowhere');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Clear Filters' }).click();
    await page.locator('.diff-row.state-missing').waitFor();
    assert.equal(await rows.count(), 4);
  });

  it('steps through the changes by keyboard and shows each in full, rule included', async () => {
    const { page } = await open();
    const record = page.getByRole('complementary', { name: 'Record' });
    await record.getByText('id 1042', { exact: true }).waitFor();
    await record.getByText('JSON compares by value, key order ignored.').first().waitFor();
    await record.getByText('Epoch milliseconds, same instant.').waitFor();
    await page.keyboard.press('Alt+F5');
    await record.getByText('id 1256', { exact: true }).waitFor();
    await page.keyboard.press('Alt+F5');
    await record.getByText('The target has no row with this key.').waitFor();
    await page.keyboard.press('Shift+Alt+F5');
    await record.getByText('id 1256', { exact: true }).waitFor();
    assert.match((await page.locator(':focus').getAttribute('role')) ?? '', /gridcell|rowheader/);
  });

  it('says so when everything is equal', async () => {
    const equal = { ...sampleComparison(), rows: [], counts: { equal: 36, different: 0, missing: 0, extra: 0 }, folds: [36] };
    const { page } = await open({ compare: () => equal });
    await page.getByRole('heading', { name: 'All 36 rows are equal' }).waitFor();
  });

  it('shows an error of the comparison with a way to try again', async () => {
    let calls = 0;
    const { page } = await open({
      compare: () => {
        if (calls++ === 0) throw new Error('the server went away');
        return sampleComparison();
      },
    });
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.getByRole('heading', { name: '4 of 37 rows differ' }).waitFor();
  });

  it('keeps filters and layout over a reload', async () => {
    const first = await open();
    await first.page.getByRole('button', { name: 'Side by side' }).click();
    await first.page.locator('.diff-row.side-by-side').first().waitFor();
    const state = first.state() as { readonly layout: string; readonly subject: unknown };
    assert.equal(state.layout, 'side-by-side');
    assert.deepEqual(state.subject, subject);
  });
});
