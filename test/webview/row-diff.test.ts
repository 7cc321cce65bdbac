import assert from 'node:assert/strict';
import type { ComparedRow, RowComparison } from '../../src/core/model/row-comparison.ts';
import type { RowDiffPanelMethods, RowDiffPanelState } from '../../src/protocol/row-diff-panel.ts';
import { sampleComparison } from '../helpers/sample-comparison.ts';
import { panelSuite, themes, type OpenPanel, type PanelHost, type PanelOptions } from '../helpers/webview.ts';

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
  const suite = panelSuite();
  const open = (changes: PanelHost<RowDiffPanelMethods> = {}, more: Partial<PanelOptions<RowDiffPanelMethods>> = {}): Promise<OpenPanel> =>
    suite.open<RowDiffPanelMethods>({ panel: 'row-diff', host: host(changes), ...more });
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await suite.panel().page.keyboard.press(key);
  };

  for (const theme of themes) {
    it(`is clean for axe and the policy (${theme})`, async () => {
      const { page, assertClean, screenshot } = await open({}, { theme });
      await page.getByRole('heading', { name: '4 of 37 rows differ' }).waitFor();
      await screenshot(theme);
      await assertClean();
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
    const { page, asked } = await open();
    const fold = page.locator('.fold', { hasText: '10 equal rows' }).first();
    await fold.dblclick();
    await page.getByText('2022-03-22 12:00:00+00').first().waitFor();
    await asked('equalRows', { after: null, before: '1042', limit: 100 });
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

  it('keeps filters, layout and the current row over a reload', async () => {
    const first = await open();
    await first.page.getByRole('button', { name: 'Side by side' }).click();
    await first.page.locator('.diff-row.side-by-side').first().waitFor();
    await first.page.getByRole('button', { name: /Equal/ }).click();
    await first.page.locator('.fold').first().waitFor({ state: 'detached' });
    await press('Alt+F5', 'Alt+F5');
    await first.page.getByText('id 5430', { exact: true }).waitFor();
    const state = first.state() as RowDiffPanelState;
    assert.deepEqual([state.layout, state.shown.equal, state.current, state.subject], ['side-by-side', false, 2, subject]);
    const { page } = await open({}, { state });
    await page.getByText('id 5430', { exact: true }).waitFor();
    await page.locator('.diff-row.state-missing.current.side-by-side').waitFor();
    assert.equal(await page.locator('.fold').count(), 0);
    assert.equal(await page.getByRole('button', { name: /Equal/ }).getAttribute('aria-pressed'), 'false');
  });

  it('drops a kept filter on a column that does not differ any more', async () => {
    const state = { subject, shown: { different: true, missing: true, extra: true, equal: true }, column: 'gone', rule: 'Gone.', find: '' };
    const { page } = await open({}, { state });
    await page.locator('.diff-row').nth(3).waitFor();
  });

  it('leads from the rows into the record and back, without a mouse', async () => {
    const { page } = await open();
    const record = page.getByRole('complementary', { name: 'Record' });
    await record.waitFor();
    await press('Alt+F5', 'Enter');
    await page.locator('.record:focus').waitFor();
    await press('Tab', 'Tab', 'Enter');
    await record.getByText('The target has no row with this key.').waitFor();
    assert.equal(
      await page.locator('vscode-button:focus').getAttribute('aria-label'),
      'Next change (Alt+F5)',
      'the button keeps the focus',
    );
    await press('Escape');
    await page.locator('[data-row="4"] .grid-cell:focus').waitFor();
    await press('Control+f');
    await page.keyboard.type('9002');
    await page.locator('.diff-row.state-missing').waitFor({ state: 'detached' });
    assert.equal(await page.locator('.diff-row').count(), 1);
    await press('Escape');
    await page.locator('.diff-row.state-extra .grid-cell:focus').waitFor();
    await page.getByRole('button', { name: /Extra/ }).focus();
    await press('Enter');
    await page.getByText('No row that differs passes these filters.').waitFor();
    assert.match(await page.locator(':focus').innerText(), /Extra in target/, 'a filter keeps the focus');
  });

  it('stays at its row when a filter takes others away', async () => {
    const { page } = await open();
    await page.getByText('id 1042', { exact: true }).waitFor();
    await press('Alt+F5', 'Alt+F5', 'Alt+F5');
    await page.getByText('id 9002', { exact: true }).waitFor();
    await page.getByRole('button', { name: /Missing/ }).click();
    await page.locator('.diff-row.state-missing').waitFor({ state: 'detached' });
    await page.getByText('3 of 3').waitFor();
    await page.locator('.diff-row.state-extra.current').waitFor();
  });

  it('marks in the ruler where the changes are, and leads there', async () => {
    const { page } = await open();
    await page.getByText('id 1042', { exact: true }).waitFor();
    const marks = await page.locator('.overview-ruler span').evaluateAll((spans) => spans.map((span) => span.className));
    assert.deepEqual(marks, ['bar-different', 'bar-different', 'bar-missing', 'bar-extra']);
    const [mark, row] = [
      (await page.locator('.overview-ruler .bar-extra').boundingBox())!,
      (await page.locator('.diff-row.state-extra').boundingBox())!,
    ];
    assert.ok(mark.y > row.y && mark.y < row.y + row.height, 'a short list has its marks beside its rows');
    await page.mouse.click(mark.x + 2, mark.y + 1);
    await page.getByText('id 9002', { exact: true }).waitFor();
  });

  it('keeps keys in sight beside many columns, and nothing shines through them', async () => {
    const more = Array.from({ length: 40 }, (_, at) => ({ ...sampleComparison().columns[1]!, name: `column_${at}`, different: 0 }));
    const sample = sampleComparison();
    const wider = (cells: ComparedRow['source']): ComparedRow['source'] => cells && [...cells, ...more.map(() => 'value')];
    const rows = sample.rows.map((row) => ({ ...row, source: wider(row.source), target: wider(row.target) }));
    const { page, assertClean } = await open({ compare: () => ({ ...sample, rows, columns: [...sample.columns, ...more] }) });
    await page.getByText('42 identical columns').waitFor();
    await page.locator('.diff-row.state-different .grid-cell').nth(1).click();
    await press('End');
    await page.locator('.diff-row.state-missing .pinned', { hasText: '5430' }).waitFor();
    const grounds = await page.locator('.diff-row .pinned').evaluateAll((cells) => {
      const { getComputedStyle } = globalThis as unknown as { getComputedStyle(of: unknown): { backgroundColor: string } };
      return cells.map((cell) => getComputedStyle(cell).backgroundColor);
    });
    assert.equal(grounds.length, 8);
    for (const ground of grounds) assert.doesNotMatch(ground, /transparent|, 0\.\d+\)|\/ 0/);
    await assertClean();
  });

  it('shows what nobody would see: the change in a long value, blanks, line ends, other code points', async () => {
    const vector = `[${Array.from({ length: 384 }, (_, at) => (at / 7).toFixed(6)).join(',')}]`;
    const { page, assertClean } = await open({
      compare: () =>
        textComparison([
          [null, 'NULL'],
          ['trailing', 'trailing  '],
          ['caf\u00e9', 'cafe\u0301'],
          [vector, vector.replace('21.000000', '21.000001')],
          ['one\ntwo', 'one\r\ntwo'],
        ]),
    });
    const cells = page.locator('.grid .differs');
    await cells.nth(4).waitFor();
    const texts = (await cells.allInnerTexts()).map((text) => text.split('\n').filter((line) => !/^(source|target)$/.test(line)));
    assert.deepEqual(texts[0], ['NULL', 'NULL']);
    assert.equal(await cells.nth(0).locator('.null').count(), 1, 'only one of them is NULL');
    assert.deepEqual(texts[1], ['trailing', 'trailing··']);
    assert.match(texts[3]!.join(' '), /^….*21\.000000,.* ….*21\.000001,/);
    assert.deepEqual(texts[4], ['one↵two', 'one‹CR›↵two']);
    await press('Alt+F5', 'Alt+F5');
    await page.getByText('Looks the same, written otherwise: U+00E9 became U+0065 U+0301.').waitFor();
    await assertClean();
  });

  it('says when only the first rows are listed, and what filters then see', async () => {
    const { page, assertClean } = await open({
      compare: () => ({
        ...textComparison([['a', 'b']]),
        complete: false,
        folds: null,
        counts: { equal: 10, different: 5431, missing: 0, extra: 0 },
      }),
    });
    await page.getByText('The first 1 of 5,431 rows that differ are listed; filters look at these.').waitFor();
    assert.ok(await page.getByRole('button', { name: /Equal/ }).isDisabled());
    await assertClean();
  });

  it('shows a table without a key as whole rows', async () => {
    const sample = sampleComparison();
    const rows = sample.rows.filter(({ state }) => state !== 'different').map((row) => ({ ...row, key: [] }));
    const columns = sample.columns.map((column) => ({ ...column, key: false, different: 0 }));
    const counts = { equal: 33, different: 0, missing: 1, extra: 1 };
    const { page, assertClean } = await open({ compare: () => ({ ...sample, keyed: false, folds: null, rows, columns, counts }) });
    await page.getByText('without a key: compared as whole rows').waitFor();
    await page.getByText('The target has no such row.').waitFor();
    await assertClean();
  });

  it('puts the record below the rows in a narrow tab', async () => {
    const { page, assertClean } = await open({}, { viewport: { width: 620, height: 800 } });
    await page.getByText('id 1042', { exact: true }).waitFor();
    const [grid, record] = [(await page.getByRole('grid').boundingBox())!, (await page.locator('.record').boundingBox())!];
    assert.ok(record.y >= grid.y + grid.height - 1 && grid.height > 150);
    await assertClean();
  });
});

/** Rows that differ in the one text column, with keys from 1. */
function textComparison(values: readonly (readonly [string | null, string | null])[]): RowComparison {
  const sample = sampleComparison();
  const rule = 'Text compares byte for byte.';
  const rows = values.map(([source, target], at): ComparedRow => ({
    key: [String(at + 1)],
    state: 'different',
    provenance: `rowid ${at + 1}`,
    columns: [{ name: 'relation_type', source, target, rule }],
    source: [String(at + 1), source, '0.85', '{}', '0'],
    target: [String(at + 1), target, '0.85', '{}', '1970-01-01 00:00:00+00'],
  }));
  return { ...sample, rows, folds: null, counts: { equal: 33, different: rows.length, missing: 0, extra: 0 } };
}
