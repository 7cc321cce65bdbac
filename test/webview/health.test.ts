import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationError } from '../../src/core/errors.ts';
import type { HealthCheck, VectorHealth } from '../../src/core/model/vector-health.ts';
import type { HealthPanelMethods } from '../../src/protocol/health-panel.ts';
import { panelSuite, themes, type OpenPanel, type PanelHost, type PanelOptions } from '../helpers/webview.ts';

const subject = { profile: 'p', schema: 'public', table: 'reports', column: 'embedding' };

function check(name: HealthCheck['check'], more: Partial<HealthCheck> = {}): HealthCheck {
  return { check: name, state: 'ok', count: 0, message: `${name} is fine.`, remedy: null, examples: [], ...more };
}

const health: VectorHealth = {
  table: 'public.reports',
  column: 'embedding',
  type: 'vector',
  key: ['id'],
  rows: 48_211,
  vectors: 48_199,
  missing: 12,
  dimensions: {
    declared: null,
    expected: 384,
    found: [
      { dimensions: 384, rows: 48_196 },
      { dimensions: 768, rows: 3 },
    ],
  },
  norms: {
    least: 0,
    median: 1,
    mean: 0.999,
    most: 1.2,
    unit: 48_180,
    histogram: Array.from({ length: 20 }, (_, i) => ({
      from: i * 0.06,
      to: (i + 1) * 0.06,
      rows: i === 16 ? 48_180 : i % 9 === 0 ? 6 : 0,
    })),
  },
  duplicates: { groups: 2, rows: 5 },
  constantDimensions: null,
  checks: [
    check('dimensions', {
      state: 'problem',
      count: 3,
      message: '3 vectors have other dimensions (768) than the 384 of most.',
      remedy: 'Compute these again with the model of the others.',
      examples: [['41'], ['42']],
    }),
    check('finite'),
    check('zero', {
      state: 'warning',
      count: 1,
      message: '1 vector is zero.',
      remedy: 'Most often the text was empty.',
      examples: [['7']],
    }),
    check('norms'),
    check('duplicates', { state: 'warning', count: 5, message: '5 rows share their vector.', remedy: 'See.', examples: [['1'], ['9']] }),
    check('constant-dimensions', { state: 'skipped', message: 'Not examined: pgvector 0.6.0 has no binary_quantize.' }),
    check('missing', {
      state: 'warning',
      count: 12,
      message: '12 rows of 48,211 have no vector.',
      remedy: 'Compute them.',
      examples: [['3']],
    }),
  ],
  healthy: false,
};

const sound: VectorHealth = {
  ...health,
  vectors: 48_211,
  missing: 0,
  norms: { ...health.norms!, least: 1, most: 1, histogram: null },
  checks: health.checks.map(({ check: name }) => check(name)),
  healthy: true,
};

function host(more: PanelHost<HealthPanelMethods> = {}): PanelHost<HealthPanelMethods> {
  return {
    ready: () => ({ subject }),
    check: () => health,
    openRow: () => null,
    backfill: () => null,
    findDuplicates: () => null,
    ...more,
  };
}

describe('vector health panel', () => {
  const suite = panelSuite();
  const open = (more: Partial<PanelOptions<HealthPanelMethods>> = {}): Promise<OpenPanel> =>
    suite.open<HealthPanelMethods>({ panel: 'health', host: host(), ...more });

  for (const theme of themes) {
    it(`breaks no rule of the policy and is accessible in ${theme}`, async () => {
      const { page, screenshot, assertClean } = await open({ theme });
      await page.getByRole('heading', { name: '1 problem and 3 warnings' }).waitFor();
      await screenshot(theme);
      await assertClean();
    });
  }

  it('has a line for each check: verdict in words, count, finding and remedy', async () => {
    const { page } = await open();
    const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) });
    assert.match(await row('Dimensions').innerText(), /problem\s+3\s+3 vectors have other dimensions.*\s+Compute these again/);
    assert.match(await row('NaN and infinity').innerText(), /ok\s+0\s+finite is fine/);
    assert.match(await row('Zero vectors').innerText(), /warning\s+1/);
    assert.match(await row('Constant dimensions').innerText(), /not examined\s+0\s+Not examined: pgvector 0\.6\.0/);
    const metrics = await page.locator('.metric').allInnerTexts();
    assert.deepEqual(
      metrics.map((text) => text.replaceAll('\n', ' ')),
      ['Vectors 48,199 12 of 48,211 rows without', 'Dimensions 384 of most; none is declared', 'Norm 1 median; 0 to 1.2'],
    );
  });

  it('goes by the keyboard alone to the row of an example, and to what helps', async () => {
    const { page, asked } = await open();
    await page.getByRole('button', { name: 'Check Again' }).focus();
    const names: string[] = [];
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus').first();
      names.push((await focused.getAttribute('aria-label')) ?? (await focused.innerText()).trim());
      if (i === 1) {
        await page.keyboard.press('Enter');
        await asked('openRow', { key: ['42'] });
      }
    }
    assert.deepEqual(names, [
      'Open the row 41: Dimensions',
      'Open the row 42: Dimensions',
      'Open the row 7: Zero vectors',
      'Open the row 1: Equal vectors',
      'Open the row 9: Equal vectors',
      'Find Near-Duplicates',
      'Open the row 3: Missing vectors',
      'Backfill Embeddings…',
    ]);
    await page.keyboard.press('Enter');
    await asked('backfill', {});
    await page.getByRole('link', { name: 'Find Near-Duplicates' }).click();
    await asked('findDuplicates', {});
  });

  it('shows how norms are spread, also to screen readers', async () => {
    const { page } = await open();
    const table = page.getByRole('table', { name: 'Vectors by norm' });
    await table.waitFor({ state: 'attached' });
    assert.equal(await page.locator('.histogram-bar').count(), 20);
    assert.deepEqual(await table.getByRole('row').allInnerTexts(), [
      'norm\tvectors',
      '0 to 0.06\t6',
      '0.54 to 0.6\t6',
      '0.96 to 1.02\t48,180',
      '1.08 to 1.14\t6',
    ]);
  });

  it('says that nothing is wrong, and has no histogram of one norm', async () => {
    const { page, screenshot, assertClean } = await open({ host: host({ check: () => sound }) });
    await page.getByRole('heading', { name: 'Nothing is wrong with these vectors' }).waitFor();
    assert.equal(await page.locator('.histogram').count(), 0);
    await screenshot('sound');
    await assertClean();
  });

  it('says which scan is under way, is cancelled, and checks again', async () => {
    let asked = 0;
    const pending = host({ check: () => ((asked += 1) === 1 ? new Promise(() => {}) : health) });
    const { page, emit, cancelled, assertClean } = await open({ host: pending });
    await page.getByText('Examining vectors…').waitFor();
    await emit('progress', { scan: 'duplicates', at: 2, of: 5 });
    await page.getByText('Looking for equal vectors · 3 of 5').waitFor();
    await assertClean();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('The check was cancelled.').waitFor();
    assert.equal(cancelled.length, 1);
    await page.getByRole('button', { name: 'Check Again' }).click();
    await page.getByRole('heading', { name: '1 problem and 3 warnings' }).waitFor();
  });

  it('shows an error with its remedy', async () => {
    const fail = (): never => {
      throw new MigrationError('no-such-target-table', { context: { table: 'public.reports' } });
    };
    const { page, assertClean } = await open({ host: host({ check: fail }) });
    await page.locator('.error-card').waitFor();
    await assertClean();
  });

  it('fits a narrow panel and is smaller than 350 kB', async () => {
    const { page } = await open({ viewport: { width: 600, height: 900 } });
    await page.getByRole('heading', { name: /problem/ }).waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= 600'), true);
    assert.ok(statSync(join(import.meta.dirname, '../../dist/webview/health.js')).size < 350_000);
  });
});
