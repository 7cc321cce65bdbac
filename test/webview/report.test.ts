import assert from 'node:assert/strict';
import type { RunReport } from '../../src/core/index.ts';
import type { ReportPanelMethods } from '../../src/protocol/report-panel.ts';
import { sampleReport } from '../helpers/sample-report.ts';
import { openPanel, requireChromium, themes, type OpenPanel, type PanelHost } from '../helpers/webview.ts';

const subject = { profile: 'embedded', runId: 'r-0123456789ab' };

function host(report: RunReport, changes: PanelHost<ReportPanelMethods> = {}): PanelHost<ReportPanelMethods> {
  return {
    ready: () => ({ subject, report }),
    openRows: () => null,
    openRowDiff: () => null,
    openText: () => null,
    rollBack: () => null,
    resume: () => null,
    save: () => ({ path: 'widgettdc-report.md' }),
    ...changes,
  };
}

describe('report page', function () {
  let panel: OpenPanel | undefined;
  before(function () {
    requireChromium(this);
  });
  afterEach(async () => {
    await panel?.close();
    panel = undefined;
  });
  const open = async (report: RunReport, theme?: (typeof themes)[number]): Promise<OpenPanel> => {
    panel = await openPanel<ReportPanelMethods>({ panel: 'report', host: host(report), ...(theme === undefined ? {} : { theme }) });
    return panel;
  };

  for (const theme of themes) {
    it(`is clean for axe and the policy (${theme})`, async () => {
      const { page, axe, violations, errors, screenshot } = await open(sampleReport(), theme);
      await page.getByRole('heading', { name: 'Every cell arrived' }).waitFor();
      await screenshot(theme);
      assert.deepEqual(await axe(), []);
      assert.deepEqual(violations(), []);
      assert.deepEqual(errors(), []);
    });
  }

  it('states rows and cells, the time of each phase, and one line per table with its proof', async () => {
    const { page } = await open(sampleReport());
    await page.getByText('600 rows and 1,600 cells in 2 tables, compared in both directions.').waitFor();
    await page.getByText('Post-data').waitFor();
    const row = page.getByRole('row', { name: /memory_entities/ });
    assert.match(await row.innerText(), /400\s+400\s+0\s+1,000\s+0\.4\s+match/);
    assert.match(await page.getByRole('row', { name: /2 tables/ }).innerText(), /600\s+600\s+0/);
  });

  it('replaces the verdict by the number of cells when the target differs', async () => {
    const report = sampleReport();
    const [first, second] = report.verification.tables;
    const { page, calls } = await open({
      ...report,
      verification: { status: 'mismatch', tables: [first!, { ...second!, different: 2, differentByColumn: { strength: 2, metadata: 1 } }] },
    });
    await page.getByRole('heading', { name: '3 cells differ' }).waitFor();
    await page.getByText('2 rows different.').waitFor();
    await page.getByRole('link', { name: 'Compare rows of public.memory_relations' }).click();
    await page.waitForFunction(() => true);
    assert.deepEqual(calls.find(({ method }) => method === 'openRowDiff')?.params, { table: 'public.memory_relations' });
  });

  it('offers Resume for a run that did not finish, and tells what is committed', async () => {
    const { page, calls } = await open({
      ...sampleReport(),
      status: 'cancelled',
      seconds: null,
      verification: { status: 'skipped', tables: [] },
    });
    await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
    await page.getByText('600 rows in 2 tables are committed and stay.').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.waitForFunction(() => true);
    assert.ok(calls.some(({ method }) => method === 'resume'));
  });

  it('lists rejects, warnings and losses in words', async () => {
    const report = sampleReport();
    const { page } = await open({
      ...report,
      status: 'partial',
      rejects: {
        total: 2,
        shown: [
          {
            table: 'public.memory_entities',
            provenance: 'rowid 7',
            column: 'org_id',
            code: 'wrong-type',
            message: 'a text is not an integer',
            value: 'x',
          },
        ],
      },
      warnings: [{ code: 'orphans', message: '14 orphans in memory_relations', table: 'public.memory_relations' }],
      losses: [{ table: 'public.memory_relations', column: 'strength', loss: 'rounded', values: 12, message: 'rounded to two digits' }],
    });
    await page.getByRole('heading', { name: '2 rows rejected' }).waitFor();
    await page.getByText('the first 1 of 2').waitFor();
    await page.getByText('public.memory_entities.org_id: a text is not an integer').waitFor();
    await page.getByText('14 orphans in memory_relations').waitFor();
    await page.getByText('rounded to two digits (12 values in public.memory_relations)').waitFor();
  });

  it('saves in each format and asks the host to roll back', async () => {
    const { page, calls } = await open(sampleReport());
    for (const name of ['Save as Markdown', 'Save as HTML', 'Save as JSON']) await page.getByRole('button', { name }).click();
    await page.getByRole('button', { name: 'Roll Back…' }).click();
    await page.waitForFunction(() => true);
    assert.deepEqual(
      calls.filter(({ method }) => method === 'save').map(({ params }) => params),
      [{ format: 'md' }, { format: 'html' }, { format: 'json' }],
    );
    assert.ok(calls.some(({ method }) => method === 'rollBack'));
  });
});
