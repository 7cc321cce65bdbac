import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { atWorkbench, patience, type WorkbenchSettingOptions } from '../helpers/at-workbench.ts';
import { forkTestEmbedded } from '../helpers/embedded.ts';
import { runAxe } from '../helpers/webview-axe.ts';
import type { Theme, Workbench } from '../helpers/workbench.ts';

const rows = 6_000;
const kinds = ['roads', 'water', 'sanitation', 'electricity', 'public safety', 'parks'];

/** Six groups of reports in 24 dimensions, and a few without a category. */
const schema = `CREATE EXTENSION IF NOT EXISTS vector;
CREATE TABLE public.reports (id int PRIMARY KEY, title text, category text, urgency int, embedding vector(24));
INSERT INTO public.reports
SELECT i, 'Report ' || i || ' about ' || (ARRAY[${kinds.map((kind) => `'${kind}'`).join(', ')}])[i % 6 + 1],
  CASE WHEN i % 40 > 0 THEN (ARRAY[${kinds.map((kind) => `'${kind}'`).join(', ')}])[i % 6 + 1] END, i % 100,
  (SELECT array_agg(CASE WHEN d % 6 = i % 6 THEN 2 + (i % 5) * 0.1 ELSE 0 END + (hashint4(i * 64 + d)::bigint & 1023) / 512.0 - 1) FROM generate_series(1, 24) AS d)::real[]::vector(24)
FROM generate_series(1, ${rows}) AS i;
INSERT INTO public.reports (id, title) VALUES (${rows + 1}, 'Not embedded yet');
CREATE INDEX reports_embedding_idx ON public.reports USING hnsw (embedding vector_cosine_ops);`;

const viewport = { width: 1600, height: 1000 };

const setting: Omit<WorkbenchSettingOptions, 'name'> = {
  sample: false,
  async prepare(_, { folder }) {
    const link = await forkTestEmbedded(join(folder, '.sluice/postgres'));
    for (const sql of schema.split(';\n')) await link.request('query', { session: null, sql: sql.replace(/;$/, ''), parameters: [] });
    await link.close();
    return {};
  },
  until: /^embedded/,
};

const title = /reports\.embedding: Vector Map/;

describe('the vector map as a user', function () {
  this.timeout(300_000);
  let workbench: Workbench;

  atWorkbench({ ...setting, name: 'vector-map', workbench: { viewport } }, (made) => void ({ workbench } = made));

  const map = (): Promise<Frame> => mapOf(workbench);
  const drawn = async (frame: Frame): Promise<number> => Number(await frame.locator('.map-layers').getAttribute('data-drawn'));
  const until = async (what: string, check: () => Promise<boolean>): Promise<void> => {
    const deadline = performance.now() + patience;
    while (!(await check())) {
      assert.ok(performance.now() < deadline, what);
      await workbench.page.waitForTimeout(50);
    }
  };
  it('opens by the tree, is drawn by PCA, coloured by the category, and says what the sample is', async () => {
    await workbench.expand(/^embedded/);
    await workbench.expand(/^public/);
    await workbench.expand(/^reports/);
    await workbench.contextMenu(/^embedding/, 'Show Vector Map');
    const frame = await map();
    assert.match(await frame.locator('.sample').innerText(), /All 6,000 vectors, 1 left out, seed 7/);
    assert.match(await frame.locator('.axes').innerText(), /^Axes hold \d+\.\d % and \d+\.\d % of the variance$/);
    assert.deepEqual((await frame.locator('.legend-name').allInnerTexts()).toSorted(), ['NULL', ...kinds].toSorted());
    assert.equal(await frame.locator('.map-layers').getAttribute('data-renderer'), 'webgl');
    assert.ok((await colourful(workbench, frame)) > 1_000, 'points are seen');
    await workbench.runCommand('View: Close All Editors');
  });

  it('opens by the palette; the keyboard alone selects a point, its rows and its neighbours follow', async () => {
    const { page } = workbench;
    await workbench.runCommand('Sluice: Show Vector Map');
    const frame = await map();
    await frame.locator('.map-surface').focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await frame.locator('.near').first().waitFor({ timeout: patience });
    assert.equal(await frame.locator('.near').count(), 10);
    assert.match(await frame.locator('.selection-said').innerText(), /computed on all 24 dimensions/);
    const label = await frame.locator('.selected-title').innerText();
    const own = await frame.locator('.swatch').count();
    assert.ok(own > 10);
    await page.keyboard.press('o');
    const opened = await workbench.panel(/reports: Rows/);
    await opened.getByRole('gridcell', { name: label, exact: true }).waitFor({ timeout: patience });
    await workbench.runCommand('View: Close Editor');
    const again = await map();
    // The page was made anew when its tab came back.
    await again.locator('.map-surface').focus();
    for (const key of ['ArrowRight', 'Enter']) await page.keyboard.press(key);
    await again.locator('.near').first().waitFor({ timeout: patience });
    const from = await again.locator('.selected-title').innerText();
    await again.getByRole('button', { name: 'Neighbours' }).press('Enter');
    const neighbours = await workbench.panel(/reports\.embedding: Neighbours/);
    await neighbours.getByRole('heading', { name: from }).waitFor({ timeout: patience });
    await workbench.runCommand('View: Close Editor');
  });

  it('a box selects many rows, which open as rows', async () => {
    const frame = await map();
    const { page } = workbench;
    await frame.getByRole('button', { name: /Box selection/ }).click();
    const box = (await frame.locator('.map-surface').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.25);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.75, { steps: 8 });
    await page.mouse.up();
    await frame.getByText(/^[\d,]+ selected$/).waitFor();
    const selected = Number((await frame.locator('.selection-said strong').innerText()).replace(/\D/g, ''));
    assert.ok(selected > 1 && selected <= rows);
    await frame.getByRole('button', { name: 'Copy Ids' }).click();
    await until(
      'the ids to be copied',
      async () => (await page.evaluate<string>('navigator.clipboard.readText()')).split('\n').length === selected,
    );
    await frame.getByRole('button', { name: 'Open Rows' }).click();
    const opened = await workbench.panel(/reports: Rows/);
    const shown = Math.min(1_000, selected).toLocaleString('en');
    await opened
      .getByText(new RegExp(`\\b${shown}\\b.*rows?`))
      .first()
      .waitFor({ timeout: patience });
    await workbench.runCommand('View: Close Editor');
  });

  it('UMAP tells its progress, stops on Cancel, ends, and is remembered for the same rows', async () => {
    const frame = await map();
    await frame.getByRole('button', { name: 'UMAP' }).click();
    await frame.getByText('UMAP: finding the nearest of each row').waitFor({ timeout: patience });
    await frame.getByRole('button', { name: 'Cancel' }).click();
    await frame.locator('.progress-strip').waitFor({ state: 'hidden' });
    assert.equal(await frame.getByRole('button', { name: 'PCA' }).getAttribute('aria-pressed'), 'true');
    const before = await drawn(frame);
    await frame.getByRole('button', { name: 'UMAP' }).click();
    await frame.getByText(/UMAP: epoch \d+ of \d+/).waitFor({ timeout: patience });
    await until('the layout by UMAP', async () => (await drawn(frame)) > before);
    assert.match(await frame.locator('.axes').innerText(), /UMAP keeps near rows together/);
    await workbench.screenshot('vector-map-umap');
    const after = await drawn(frame);
    await frame.getByRole('button', { name: 'PCA' }).click();
    await until('PCA again', async () => (await drawn(frame)) > after);
    const between = await drawn(frame);
    const epochs = frame.getByText(/UMAP: epoch/);
    await frame.getByRole('button', { name: 'UMAP' }).click();
    await until('UMAP again', async () => {
      assert.equal(await epochs.count(), 0, 'the layout is not computed again');
      return (await drawn(frame)) > between;
    });
    await frame.getByRole('button', { name: 'PCA' }).click();
    await until('PCA', async () => (await drawn(frame)) > between + 1);
  });

  it('colours by another column, and comes back as it was after a reload of the window', async () => {
    const frame = await map();
    const before = await drawn(frame);
    await frame.getByRole('combobox', { name: 'Colour by' }).click();
    await frame.getByRole('option', { name: 'urgency' }).click();
    await until('the colours', async () => (await drawn(frame)) > before);
    assert.match((await frame.locator('.legend-name').allInnerTexts())[0]!, /^0 to \d+$/);
    await frame.getByRole('button', { name: 'List' }).click();
    await frame.getByRole('gridcell').first().waitFor();
    await workbench.untilRemembered('sluice.vectorMap', 'list', 'urgency');
    await workbench.reload();
    const back = await workbench.panel(title);
    await back.getByRole('gridcell').first().waitFor({ timeout: patience });
    assert.match((await back.locator('.legend-name').allInnerTexts())[0]!, /^0 to \d+$/);
    await back.getByRole('button', { name: 'Map', exact: true }).click();
    await back.getByRole('combobox', { name: 'Colour by' }).click();
    await back.getByRole('option', { name: 'category' }).click();
    await back.getByRole('checkbox', { name: 'roads' }).waitFor({ timeout: patience });
  });

  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] satisfies Theme[]) {
    it(`looks right and is accessible in ${theme}`, async () => {
      await workbench.setTheme(theme);
      const frame = await map();
      await frame.getByRole('textbox', { name: /Find rows/ }).fill('Report 1234 ');
      await workbench.page.keyboard.press('Enter');
      await frame.locator('.near').first().waitFor({ timeout: patience });
      await workbench.page.mouse.move(700, 990);
      await workbench.screenshot(`vector-map-${theme}`);
      assert.deepEqual(await runAxe(frame), []);
      assert.ok((await colourful(workbench, frame)) > 200, 'points are seen');
      if (theme === 'dark') {
        await frame.getByRole('button', { name: 'List' }).click();
        await frame.getByRole('gridcell').first().waitFor();
        await workbench.screenshot('vector-map-list-dark');
        await frame.getByRole('button', { name: 'Map', exact: true }).click();
      }
      assert.deepEqual(workbench.cspViolations(), []);
    });
  }
});

describe('the vector map without WebGL', function () {
  this.timeout(300_000);
  let workbench: Workbench;

  atWorkbench({ ...setting, name: 'vector-map-image', workbench: { viewport, withoutWebgl: true } }, (made) => void ({ workbench } = made));

  it('is drawn by the page itself', async () => {
    await workbench.expand(/^embedded/);
    await workbench.runCommand('Sluice: Show Vector Map');
    const frame = await mapOf(workbench);
    assert.equal(await frame.locator('.map-layers').getAttribute('data-renderer'), 'image');
    assert.ok((await colourful(workbench, frame)) > 1_000, 'points are seen');
    assert.deepEqual(await runAxe(frame), []);
  });
});

async function mapOf(workbench: Workbench): Promise<Frame> {
  const frame = await workbench.panel(title);
  await frame.locator('.map-layers[data-drawn]').waitFor({ state: 'attached', timeout: patience });
  await frame.locator('.progress-strip').waitFor({ state: 'hidden', timeout: patience });
  return frame;
}

/** Colours on the screen that are no grey: points were drawn. */
async function colourful(on: Workbench, frame: Frame): Promise<number> {
  const png = (await on.page.screenshot()).toString('base64');
  const box = (await frame.locator('.map-plot').boundingBox())!;
  return frame.evaluate<number>(`(async () => {
      const image = new Image();
      image.src = 'data:image/png;base64,${png}';
      await image.decode();
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(${Math.round(box.x)}, ${Math.round(box.y)}, ${Math.round(box.width)}, ${Math.round(box.height)});
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if (Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 60) count++;
      return count;
    })()`);
}
