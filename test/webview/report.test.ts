import assert from 'node:assert/strict';
import type { RunReport } from '../../src/core/index.ts';
import type { ReportPanelMethods } from '../../src/protocol/report-panel.ts';
import { sampleReport } from '../helpers/sample-report.ts';
import { panelSuite, themes, type OpenPanel, type PanelHost, type PanelOptions } from '../helpers/webview.ts';

const subject = { profile: 'embedded', runId: 'r-0123456789ab' };

function host(report: RunReport, changes: PanelHost<ReportPanelMethods> = {}): PanelHost<ReportPanelMethods> {
  return {
    ready: () => ({ subject, report }),
    openRows: () => null,
    openRowDiff: () => null,
    openHealth: () => null,
    openText: () => null,
    rollBack: () => null,
    resume: () => null,
    save: () => ({ path: 'widgettdc-report.md' }),
    ...changes,
  };
}

describe('report page', function () {
  const suite = panelSuite();
  const open = (report: RunReport, more: Partial<PanelOptions<ReportPanelMethods>> = {}): Promise<OpenPanel> =>
    suite.open<ReportPanelMethods>({ panel: 'report', host: host(report), ...more });

  for (const theme of themes) {
    it(`is clean for axe and the policy (${theme})`, async () => {
      const { page, assertClean, screenshot } = await open(sampleReport(), { theme });
      await page.getByRole('heading', { name: 'Every cell arrived' }).waitFor();
      await screenshot(theme);
      await assertClean();
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
    const { page, asked, assertClean } = await open({
      ...report,
      verification: { status: 'mismatch', tables: [first!, { ...second!, different: 2, differentByColumn: { strength: 2, metadata: 1 } }] },
    });
    await page.getByRole('heading', { name: '3 cells differ' }).waitFor();
    await page.getByText('2 rows different.').waitFor();
    await page.getByRole('link', { name: 'public.memory_relations differs: compare rows' }).click();
    await asked('openRowDiff', { table: 'public.memory_relations' });
    assert.match(await page.getByRole('row').nth(1).innerText(), /memory_relations/, 'the table that differs comes first');
    await assertClean();
  });

  it('tells what is wrong with vectors, what was left out, and leads to more', async () => {
    const report = sampleReport();
    const [first, second] = report.verification.tables;
    const checks = [
      { check: 'zero', state: 'ok', count: 0, message: 'No vector is zero.', remedy: null, examples: [] },
      { check: 'duplicates', state: 'warning', count: 2, message: '2 rows share their vector.', remedy: null, examples: [] },
    ] as const;
    const norms = { declared: 3, expected: 3, found: [] };
    const health = {
      table: 'public.memory_entities',
      column: 'embedding',
      type: 'vector(3)',
      key: ['id'],
      rows: 400,
      vectors: 399,
      missing: 1,
      dimensions: norms,
      norms: null,
      duplicates: { groups: 1, rows: 2 },
      constantDimensions: [],
      checks,
      healthy: true,
    };
    const vectors = [
      { column: 'embedding', health, leftOut: null },
      { column: 'other', health: null, leftOut: 'The table has too many rows.' },
    ];
    const { page, asked, assertClean } = await open({
      ...report,
      verification: { status: 'match', tables: [{ ...first!, vectors }, second!] },
    });
    const row = (name: string) => page.getByRole('row', { name: new RegExp(`^public\\.memory_entities\\.${name}`) });
    assert.match(await row('embedding').innerText(), /399\s+warning\s+Equal vectors: 2 rows share their vector\./);
    assert.doesNotMatch(await row('embedding').innerText(), /No vector is zero/);
    assert.match(await row('other').innerText(), /not examined\s+The table has too many rows\./);
    await page.getByRole('link', { name: 'Vector health of public.memory_entities.embedding' }).click();
    await asked('openHealth', { table: 'public.memory_entities', column: 'embedding' });
    await assertClean();
  });

  it('offers Resume for a run that did not finish, and tells what is committed', async () => {
    const { page, asked } = await open({
      ...sampleReport(),
      status: 'cancelled',
      seconds: null,
      verification: { status: 'skipped', tables: [] },
    });
    await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
    await page.getByText('600 rows in 2 tables are committed and stay.').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await asked('resume', {});
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
      orphans: [
        {
          table: 'public.memory_relations',
          constraint: 'memory_relations_source_id_fkey',
          columns: ['source_id'],
          references: 'public.memory_entities',
          referencesColumns: ['id'],
          total: 14,
          rows: [{ key: ['9'], values: ['77'], provenance: 'rowid 9' }],
        },
      ],
      losses: [{ table: 'public.memory_relations', column: 'strength', loss: 'rounded', values: 12, message: 'rounded to two digits' }],
    });
    await page.getByRole('heading', { name: '2 rows rejected' }).waitFor();
    await page.getByText('the first 1 of 2').waitFor();
    await page.getByText('public.memory_entities.org_id: a text is not an integer').waitFor();
    await page.getByText('14 orphans in memory_relations').waitFor();
    await page.getByText('1 of 14').waitFor();
    await page.getByText('public.memory_relations.source_id: no such row in public.memory_entities').waitFor();
    await page.getByText('rowid 9 · 77').waitFor();
    await page.getByText('rounded to two digits (12 values in public.memory_relations)').waitFor();
  });

  it('says what became of the rows of tables that were there', async () => {
    const report = sampleReport();
    const without = await open(report);
    await without.page.getByRole('row', { name: /memory_relations/ }).waitFor();
    assert.equal(await without.page.getByRole('heading', { name: /Tables that were there/ }).count(), 0);
    const [first, second] = report.tables;
    const tables = [
      { ...first!, existing: { mode: 'upsert', inserted: 380, updated: 20, deleted: 0, leftAlone: 1_234 } as const },
      { ...second!, existing: { mode: 'replace', inserted: null, updated: null, deleted: null, leftAlone: 0 } as const },
    ];
    const { page, asked, assertClean } = await open({ ...report, tables }, { viewport: { width: 620, height: 800 } });
    const section = page.locator('section').filter({ has: page.getByRole('heading', { name: /^Tables that were there/ }) });
    await section.getByText('The run neither made nor altered these tables. All others it made.').waitFor();
    const texts = await section.getByRole('row').allInnerTexts();
    assert.deepEqual(
      texts.map((text) => text.trim().split(/\s*\t\s*/)),
      [
        ['table', 'mode', 'inserted', 'updated', 'deleted', 'left alone'],
        ['memory_entities', 'upsert', '380', '20', '0', '1,234'],
        ['memory_relations', 'replace', '?', '?', '?', '0'],
      ],
    );
    await section.getByRole('link', { name: 'memory_relations' }).click();
    await asked('openRows', { table: 'public.memory_relations' });
    await assertClean();
  });

  it('saves in each format and asks the host to roll back', async () => {
    const { page, asked } = await open(sampleReport());
    for (const [name, format] of [
      ['Markdown', 'md'],
      ['HTML', 'html'],
      ['JSON', 'json'],
    ]) {
      await page.getByRole('button', { name: `Save as ${name}` }).click();
      await asked('save', { format });
    }
    await page.getByRole('button', { name: 'Roll Back…' }).click();
    await asked('rollBack', {});
  });

  for (const [width, theme] of [
    [1400, 'dark'],
    [620, 'light'],
  ] as const) {
    it(`holds 200 tables with long names and many rejects, ${width} pixels wide`, async () => {
      const { page, assertClean } = await open(largeReport(), { theme, viewport: { width, height: 800 } });
      await page.getByRole('heading', { name: 'The target differs from the source' }).waitFor();
      const rows = page.getByRole('row');
      assert.equal(await rows.count(), 202);
      assert.match(await rows.nth(1).innerText(), /on_and_on_150\s/);
      assert.match(await rows.nth(2).innerText(), /on_and_on_7\s/, 'then those with rejects');
      for (const column of ['loaded', 'rejected', 'rows/s', 'seconds', 'verified']) {
        const head = (await page.getByRole('columnheader', { name: column }).boundingBox())!;
        const at = await page
          .getByRole('columnheader')
          .allInnerTexts()
          .then((texts) => texts.indexOf(column));
        const cell = (await rows.nth(1).locator('th, td:not(.rate)').nth(at).boundingBox())!;
        assert.ok(Math.abs(head.x - cell.x) < 1 && Math.abs(head.width - cell.width) < 1, `${column} stands over its numbers`);
      }
      const scroller = page.locator('.report');
      const [inner, outer] = await scroller.evaluate((report: { scrollWidth: number; clientWidth: number }) => [
        report.scrollWidth,
        report.clientWidth,
      ]);
      assert.ok(inner <= outer, 'nothing sticks out on the right');
      await assertClean();
    });
  }

  it('tells what ended a failed run, and what is left of one that was rolled back', async () => {
    const error = { code: 'target-lost', kind: 'transient', message: 'The target went away.', remedy: 'Resume Run.', context: {} } as const;
    const failed: RunReport = { ...sampleReport(), status: 'failed', seconds: null, finishedAt: null, error };
    const first = await open({ ...failed, verification: { status: 'skipped', tables: [] } });
    await first.page.getByRole('heading', { name: 'What ended it' }).waitFor();
    await first.page.getByRole('row', { name: /2 tables.*not verified/ }).waitFor();
    await first.assertClean();
    const { page, assertClean } = await open({ ...sampleReport(), status: 'rolled-back' });
    await page.getByText('What the run had created is gone. It had written 600 rows in 2 tables.').waitFor();
    assert.equal(await page.getByRole('button', { name: /Roll Back|Verify Again|Resume/ }).count(), 0);
    await assertClean();
  });
});

/** 200 tables, one of them with rows missing, two with rejects. */
function largeReport(): RunReport {
  const report = sampleReport();
  const name = (at: number): string => `public.a_table_with_quite_a_long_name_that_goes_on_and_on_${at}`;
  const tables = Array.from({ length: 200 }, (_, at) => ({
    ...report.tables[0]!,
    from: `t${at}`,
    to: name(at),
    rowsRejected: at === 7 || at === 70 ? 3 : 0,
  }));
  const verified = tables.map(({ to }, at) => ({ ...report.verification.tables[0]!, table: to, missing: at === 150 ? 4 : 0 }));
  const shown = Array.from({ length: 50 }, (_, at) => ({
    table: name(at),
    provenance: `rowid ${at}`,
    column: 'some_column',
    code: 'wrong-type',
    message: 'a text is not an integer',
    value: 'x'.repeat(at * 9),
  }));
  return { ...report, tables, verification: { status: 'mismatch', tables: verified }, rejects: { total: 87, shown } };
}
