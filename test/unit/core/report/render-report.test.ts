import assert from 'node:assert/strict';
import { renderHtml } from '../../../../src/core/report/render-html.ts';
import { renderJson } from '../../../../src/core/report/render-json.ts';
import { escapeMarkdown, renderMarkdown } from '../../../../src/core/report/render-markdown.ts';
import type { ReportedHealth } from '../../../../src/core/model/vector-health.ts';
import type { RunReport } from '../../../../src/core/report/run-report.ts';
import { assertGolden } from '../../../helpers/golden.ts';
import { cleanReport, sampleReport } from './sample-report.ts';

const examined: ReportedHealth = {
  column: 'embedding',
  leftOut: null,
  health: {
    table: 'shop.orders',
    column: 'embedding',
    type: 'vector(3)',
    key: ['id'],
    rows: 1_234,
    vectors: 1_234,
    missing: 0,
    dimensions: { declared: 3, expected: 3, found: [{ dimensions: 3, rows: 1_234 }] },
    norms: null,
    duplicates: { groups: 1, rows: 1_234 },
    constantDimensions: [],
    checks: [
      { check: 'finite', state: 'problem', count: 2, message: '2 vectors have NaN.', remedy: null, examples: [] },
      { check: 'duplicates', state: 'warning', count: 1_234, message: '1,234 rows share their vector.', remedy: null, examples: [] },
    ],
    healthy: false,
  },
};

describe('report', () => {
  it('renders Markdown', () => {
    assertGolden('report/partial.md', renderMarkdown(sampleReport));
    assertGolden('report/clean.md', renderMarkdown(cleanReport));
  });

  it('renders HTML', () => {
    assertGolden('report/partial.html', renderHtml(sampleReport));
  });

  it('renders JSON that is the report itself', () => {
    assert.deepEqual(JSON.parse(renderJson(sampleReport)), JSON.parse(JSON.stringify(sampleReport)));
  });

  it('lets no value become HTML', () => {
    const html = renderHtml(sampleReport);
    assert.ok(!html.includes('<script'));
    assert.ok(html.includes('&lt;script&gt;'));
    assert.ok(!/https?:/.test(html), 'nothing is loaded from elsewhere');
  });

  it('lets no value send control characters to a terminal', () => {
    for (const text of [renderMarkdown(sampleReport), renderHtml(sampleReport)]) {
      assert.ok(!/[\u0000-\u0009\u000b-\u001f\u007f]/.test(text));
      assert.ok(text.includes('\\x1b') || text.includes('\\\\x1b'));
    }
  });

  it('says what was read and compared of a table with a watermark', () => {
    const [table] = cleanReport.tables;
    const [verified] = cleanReport.verification.tables;
    assert.ok(table !== undefined && verified !== undefined);
    const watermark = { column: 'changed', since: '2024-01-02T03:04:05Z', reached: null };
    const text = renderMarkdown({
      ...cleanReport,
      tables: [{ ...table, watermark }],
      verification: { ...cleanReport.verification, tables: [{ ...verified, scope: 'rows-read' }] },
    });
    for (const part of [
      'every cell of the rows that were read was compared and matches',
      `Only the rows that the run read were compared in ${verified.table}`,
      'gone from the source, are not seen',
    ])
      assert.ok(text.includes(part), part);
    assert.match(text, /\| +changed +\| +2024-01-02T03:04:05Z +\| +all rows +\|/);
    assert.ok(!renderMarkdown(cleanReport).includes('rows that were read'));
  });

  it('tells the health of vectors in every form, and what was left out', () => {
    const [verified] = cleanReport.verification.tables;
    assert.ok(verified !== undefined);
    const report: RunReport = {
      ...cleanReport,
      verification: {
        status: 'match',
        tables: [{ ...verified, vectors: [examined, { column: 'small', health: null, leftOut: 'Too many.' }] }],
      },
    };
    const text = renderMarkdown(report);
    assert.match(text, /## Vector health/);
    assert.match(text, /\| shop\.orders\.embedding +\| duplicates +\| warning +\| +1,234 \| 1,234 rows share their vector\. +\|/);
    assert.match(text, /\| shop\.orders\.embedding +\| finite +\| PROBLEM +\| +2 \| 2 vectors have NaN\. +\|/);
    assert.match(text, /\| shop\.orders\.small +\| - +\| left out +\| +- \| Too many\. +\|/);
    const html = renderHtml(report);
    for (const part of ['Vector health', '2 vectors have NaN.', 'Too many.']) assert.ok(html.includes(part), part);
    const json = JSON.parse(renderJson(report)) as RunReport;
    assert.equal(json.verification.tables[0]!.vectors![0]!.health!.checks[1]!.count, 1_234);
    for (const text of [renderMarkdown(cleanReport), renderHtml(cleanReport)]) assert.ok(!text.includes('Vector health'));
  });

  it('says what ended a failed run, and that it can be resumed', () => {
    const failed: RunReport = {
      ...sampleReport,
      status: 'failed',
      finishedAt: null,
      seconds: null,
      peakRssMb: null,
      verification: { status: 'skipped', tables: [] },
      error: {
        code: 'internal',
        kind: 'terminal',
        message: 'the disk is full',
        remedy: 'Make room.',
        context: { detail: 'No space left on device' },
      },
    };
    const text = renderMarkdown(failed);
    for (const part of [
      'the disk is full',
      'Make room.',
      'No space left on device',
      'not finished',
      'Failed after 1,233 rows',
      'nothing is proved',
    ]) {
      assert.ok(text.includes(part), part);
    }
    assert.ok(!text.includes('## Timings'));
  });

  it('tells how many of the rejects and discrepancies it shows', () => {
    const text = renderMarkdown({
      ...sampleReport,
      verification: { status: 'mismatch', tables: sampleReport.verification.tables.map((table) => ({ ...table, missing: 41 })) },
    });
    assert.ok(text.includes('The first 1 of 2 rows.'));
    assert.ok(text.includes('The first 1 of 42 rows with discrepancies.'));
  });

  it('offers no way back from a run that is rolled back', () => {
    const text = renderMarkdown({ ...cleanReport, status: 'rolled-back' });
    assert.ok(!text.includes('sluice rollback'));
  });

  it('quotes a target with spaces in its commands', () => {
    const text = renderMarkdown({ ...cleanReport, target: { ...cleanReport.target, name: 'embedded:my data' } });
    assert.ok(text.includes("sluice rollback r-0123456789ab --target 'embedded:my data'"));
  });

  for (const [raw, escaped] of [
    ['memory_entities', 'memory_entities'],
    ['__init__', '\\_\\_init\\_\\_'],
    ['a|b', 'a\\|b'],
    ['<b> & `c` *d*', '&lt;b&gt; &amp; \\`c\\` \\*d\\*'],
    ['one\ntwo', 'one\\\\x0atwo'],
    ['\u202egnp.exe', '\\\\u202egnp.exe'],
  ] as const) {
    it(`escapes ${JSON.stringify(raw)}`, () => assert.equal(escapeMarkdown(raw), escaped));
  }
});
