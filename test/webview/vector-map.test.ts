import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationError } from '../../src/core/errors.ts';
import type { DrawnMap, VectorMapPanelMethods, VectorMapPanelState } from '../../src/protocol/vector-map-panel.ts';
import { boundsOf, fitCamera, toScreen, type Place } from '../../webview/vector-map/camera.ts';
import { panelSuite, themes, type OpenPanel, type PanelOptions } from '../helpers/webview.ts';
import { init, nameOf, pictureOf, thousand, vectorMapHost } from './vector-map-host.ts';

/** Both ways of drawing: by WebGL2 (in software here) and by the page itself. */
const renderers = [
  { renderer: 'webgl', withoutWebgl: false },
  { renderer: 'image', withoutWebgl: true },
] as const;

const orange = [0xd1, 0x86, 0x16];
const blue = [0x37, 0x94, 0xff];
const isNear = (pixel: readonly number[], colour: readonly number[]): boolean => colour.every((part, i) => Math.abs(part - pixel[i]!) < 60);

/** Four points far from each other, of two colours. */
const corners = pictureOf(
  [
    { x: -1, y: 1, code: 0 },
    { x: 1, y: 1, code: 1 },
    { x: -1, y: -1, code: 1 },
    { x: 1, y: -1, code: 0 },
  ],
  [
    { kind: 'value', text: 'roads', points: 2 },
    { kind: 'value', text: 'water', points: 2 },
  ],
);

describe('vector map panel', () => {
  const suite = panelSuite();

  async function open(more: Partial<PanelOptions<VectorMapPanelMethods>> = {}): Promise<OpenPanel> {
    const panel = await suite.open<VectorMapPanelMethods>({ panel: 'vector-map', host: vectorMapHost(), ...more });
    await panel.page
      .locator('.map-layers[data-drawn]:not([data-drawn="0"]), .stage[data-view="list"] .grid-row[data-row], .error-card, .empty-state')
      .first()
      .waitFor({ state: 'attached' });
    return panel;
  }
  const page = () => suite.panel().page;
  const surface = () => page().locator('.map-surface');
  const said = () => page().locator('.selection-said');
  const drawn = (picture: number) => page().locator(`.map-layers[data-drawn="${picture}"]`).waitFor({ state: 'attached' });

  /** Where a point of the fitted picture is on the page. */
  async function placeOf(picture: DrawnMap, point: number): Promise<Place> {
    const box = (await surface().boundingBox())!;
    const camera = fitCamera(boundsOf(picture.positions), box);
    const at = toScreen(camera, box, { x: picture.positions[point * 2]!, y: picture.positions[point * 2 + 1]! });
    return { x: box.x + at.x, y: box.y + at.y };
  }

  /** What is seen on the screen at these places. */
  async function pixels(places: readonly Place[]): Promise<number[][]> {
    const png = (await page().screenshot()).toString('base64');
    return page().evaluate<number[][]>(`(async () => {
      const image = new Image();
      image.src = 'data:image/png;base64,${png}';
      await image.decode();
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
      context.drawImage(image, 0, 0);
      return ${JSON.stringify(places)}.map(({ x, y }) => [...context.getImageData(Math.round(x), Math.round(y), 1, 1).data].slice(0, 3));
    })()`);
  }

  for (const { renderer, withoutWebgl } of renderers) {
    describe(`drawn by ${renderer}`, () => {
      it('puts points of their colour where they belong, and nowhere else', async () => {
        await open({ withoutWebgl, host: vectorMapHost({}, corners) });
        assert.equal(await page().locator('.map-layers').getAttribute('data-renderer'), renderer);
        const places = await Promise.all([0, 1, 2, 3].map((point) => placeOf(corners, point)));
        const middle = { x: (places[0]!.x + places[1]!.x) / 2, y: (places[0]!.y + places[2]!.y) / 2 };
        const seen = await pixels([...places, middle]);
        [orange, blue, blue, orange].forEach((colour, i) => assert.ok(isNear(seen[i]!, colour), `point ${i}: ${seen[i]!.join()}`));
        assert.ok(isNear(seen[4]!, [0x1f, 0x1f, 0x1f]), `between: ${seen[4]!.join()}`);
      });

      it('gives the legend the colours of the points, opaque', async () => {
        await open({ withoutWebgl, host: vectorMapHost({}, corners) });
        const swatch = (await page().locator('.legend .swatch').first().boundingBox())!;
        const [legend, point] = await pixels([
          { x: swatch.x + swatch.width / 2, y: swatch.y + swatch.height / 2 },
          await placeOf(corners, 0),
        ]);
        assert.ok(isNear(legend!, orange) && isNear(point!, legend!), `${legend!.join()} ${point!.join()}`);
      });

      it('dims what the legend switches off and never hides it', async () => {
        await open({ withoutWebgl, host: vectorMapHost({}, corners) });
        const places = [await placeOf(corners, 0), await placeOf(corners, 1)];
        await page().getByRole('checkbox', { name: 'roads' }).click();
        await page().mouse.move(5, 5);
        await page().waitForTimeout(100);
        const [off, on] = await pixels(places);
        assert.ok(!isNear(off!, orange) && off![0]! > 0x1f + 4, `dimmed, not hidden: ${off!.join()}`);
        assert.ok(isNear(on!, blue), on!.join());
        assert.equal(await page().getByRole('checkbox', { name: 'roads' }).getAttribute('aria-checked'), 'false');
        assert.deepEqual((suite.panel().state() as VectorMapPanelState).off, ['roads']);
      });

      it('hovers, selects, and shows the nearest of all dimensions', async () => {
        await open({ withoutWebgl });
        const at = await placeOf(thousand, 300);
        await page().mouse.move(at.x, at.y);
        await page().locator('.map-tooltip').getByText(nameOf(300).title).waitFor();
        await page().mouse.click(at.x, at.y);
        await page().locator('.selected').getByText(nameOf(300).title).waitFor();
        assert.equal(await page().locator('.near').count(), 10);
        assert.equal(
          await page()
            .locator('.near[aria-disabled="true"]')
            .innerText()
            .then((text) => /not in the sample/.test(text)),
          true,
        );
        assert.match(await said().innerText(), /1 selected\s*and its 10 nearest by cosine, computed on all 384 dimensions/);
        await page().locator('.near').first().click();
        await suite.panel().asked('nearest', { picture: 1, point: 303, k: 10 });
        await page().locator('.selected').getByText(nameOf(303).title).waitFor();
        await page().getByRole('button', { name: 'Neighbours' }).click();
        await suite.panel().asked('openNeighbours', { picture: 1, point: 303 });
      });

      it('selects by a box: exactly the points inside', async () => {
        await open({ withoutWebgl, host: vectorMapHost({}, corners) });
        const [a, , c] = await Promise.all([0, 1, 2].map((point) => placeOf(corners, point)));
        await page()
          .getByRole('button', { name: /Box selection/ })
          .click();
        await page().mouse.move(a!.x - 20, a!.y - 20);
        await page().mouse.down();
        await page().mouse.move(c!.x + 20, c!.y + 20, { steps: 5 });
        await page().mouse.up();
        await page().getByText('2 selected').waitFor();
        await page().getByRole('button', { name: 'Open Rows' }).click();
        await suite.panel().asked('openRows', { picture: 1, points: [0, 2] });
        await page().getByRole('button', { name: 'Copy Ids' }).click();
        await suite.panel().asked('copyIds', { picture: 1, points: [0, 2] });
        await page()
          .getByRole('button', { name: /Clear selection/ })
          .click();
        await page().locator('.selection-tools').waitFor({ state: 'hidden' });
      });

      for (const theme of themes) {
        it(`breaks no rule of the policy and is accessible in ${theme}`, async () => {
          const panel = await open({ withoutWebgl, theme });
          const at = await placeOf(thousand, 300);
          await page().mouse.click(at.x, at.y);
          await page().locator('.near').first().waitFor();
          await panel.screenshot(`${theme}-${renderer}`);
          await panel.assertClean();
          await page().getByRole('button', { name: 'List' }).click();
          await page().getByRole('gridcell').first().waitFor();
          await panel.screenshot(`${theme}-${renderer}-list`);
          await panel.assertClean();
        });
      }
    });
  }

  it('draws by itself from the moment the card takes its context back', async () => {
    await open({ host: vectorMapHost({}, corners) });
    assert.equal(await page().locator('.map-layers').getAttribute('data-renderer'), 'webgl');
    await page().evaluate(`document.querySelector('.map-points').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()`);
    await page().locator('.map-layers[data-renderer="image"]').waitFor({ state: 'attached' });
    await page().waitForTimeout(100);
    const [seen] = await pixels([await placeOf(corners, 0)]);
    assert.ok(isNear(seen!, orange), seen!.join());
    const chosen = await open({ state: { subject: init.subject, renderer: 'image' } });
    assert.equal(await chosen.page.locator('.map-layers').getAttribute('data-renderer'), 'image');
  });

  it('goes by the keyboard alone: from point to point, selects, makes a box, zooms, opens rows, clears', async () => {
    const panel = await open({ host: vectorMapHost({}, corners) });
    await surface().focus();
    const key = (name: string) => page().keyboard.press(name);
    await key('ArrowRight');
    const status = page().locator('[role="status"]');
    await status.filter({ hasText: /\d, (roads|water)/ }).waitFor();
    for (const name of ['ArrowLeft', 'ArrowUp']) await key(name);
    await status.filter({ hasText: `${nameOf(0).title}, roads` }).waitFor();
    await key('Enter');
    await panel.asked('nearest', { picture: 1, point: 0, k: 10 });
    await key('o');
    await panel.asked('openRows', { picture: 1, points: [0] });
    await key('b');
    for (let i = 0; i < 80; i++) await key('ArrowRight');
    await key('Enter');
    await page().getByText('2 selected').waitFor();
    await key('o');
    await panel.asked('openRows', { picture: 1, points: [0, 1] });
    await key('Escape');
    await page().locator('.selection-tools').waitFor({ state: 'hidden' });
    const before = await pixels([await placeOf(corners, 0)]);
    await key('+');
    await page().waitForTimeout(100);
    assert.ok(isNear(before[0]!, orange) && !isNear((await pixels([await placeOf(corners, 0)]))[0]!, orange));
    await key('0');
    await page().waitForTimeout(100);
    assert.ok(isNear((await pixels([await placeOf(corners, 0)]))[0]!, orange), 'fits again');
  });

  it('lists the same points: sorted, by the keyboard, with the similarity of the near ones first', async () => {
    const panel = await open();
    await page().getByRole('button', { name: 'List' }).click();
    const grid = page().getByRole('grid');
    assert.equal(await grid.getAttribute('aria-rowcount'), '1001');
    const first = page().locator('.grid-row[data-row="0"] .grid-cell').first();
    await first.getByText(nameOf(0).title, { exact: true }).waitFor();
    await page().getByRole('columnheader', { name: /^x/ }).click();
    const values = await page().locator('.grid-row .grid-cell[data-column="3"]').allInnerTexts();
    assert.deepEqual(
      values.map(Number),
      values.map(Number).toSorted((a, b) => b - a),
    );
    await page().locator('.grid-row[data-row="0"] .grid-cell').first().click();
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Enter');
    await page().locator('.near').first().waitFor();
    await page().locator('.grid-row[data-row="0"].chosen').getByText('selected').waitFor();
    const similar = await page().locator('.grid-row[data-row] .grid-cell[data-column="2"]').allInnerTexts();
    assert.deepEqual(similar.slice(0, 4), ['selected', '0.960', '0.950', '0.940']);
    await page().keyboard.press('Escape');
    await page().locator('.selection-tools').waitFor({ state: 'hidden' });
    assert.equal((panel.state() as VectorMapPanelState).view, 'list');
    await page().getByRole('button', { name: 'Map', exact: true }).click();
    await surface().waitFor();
  });

  it('finds rows by their label', async () => {
    await open();
    await page()
      .getByRole('textbox', { name: /Find rows/ })
      .fill('gate b');
    await page().keyboard.press('Enter');
    await page().getByText('200 selected').waitFor();
    await page()
      .getByRole('textbox', { name: /Find rows/ })
      .fill('zebra');
    await page().keyboard.press('Enter');
    await page().locator('[role="status"]').filter({ hasText: 'No point of this sample has "zebra"' }).waitFor({ state: 'attached' });
  });

  it('always says what the sample is, and draws all rows, another seed, another colour on request', async () => {
    const panel = await open();
    assert.match(await page().locator('.sample').innerText(), /Sample 1,000 of 48,211, 89 left out, seed 7/);
    assert.equal(await page().locator('.axes').innerText(), 'Axes hold 31.2 % and 14.8 % of the variance');
    await page().getByRole('button', { name: 'Draw with seed 8' }).click();
    await panel.asked('draw', { projection: 'pca', sample: 10_000, seed: 8, colour: 'category' });
    await drawn(2);
    await page().getByText('Use all rows').click();
    await panel.asked('draw', { projection: 'pca', sample: null, seed: 8, colour: 'category' });
    await drawn(3);
    await page().getByRole('combobox', { name: 'Colour by' }).click();
    await page().getByRole('option', { name: 'no column' }).click();
    await panel.asked('draw', { projection: 'pca', sample: null, seed: 8, colour: null });
    await page().getByRole('checkbox', { name: 'all points' }).waitFor();
    assert.deepEqual((panel.state() as VectorMapPanelState).wish, { projection: 'pca', sample: null, seed: 8, colour: null });
  });

  it('comes back as it was left, and forgets a column that is gone', async () => {
    const wish = { projection: 'umap', sample: 500, seed: 9, colour: 'category' } as const;
    const panel = await open({ state: { subject: init.subject, wish, view: 'list', off: ['water'] } });
    await panel.asked('draw', wish);
    await page().getByRole('grid').waitFor();
    assert.equal(await page().getByRole('checkbox', { name: 'water' }).getAttribute('aria-checked'), 'false');
    const other = await open({ state: { subject: init.subject, wish: { ...wish, colour: 'gone' }, view: 'map', off: [] } });
    await other.asked('draw', { ...wish, colour: null });
  });

  it('shows the progress of UMAP, keeps the last picture meanwhile, and goes back to it on Cancel', async () => {
    let release: (() => void) | undefined;
    const host = vectorMapHost();
    const answers = {
      ...host,
      draw: ((wish, signal) => {
        if (wish.projection === 'pca') return host.draw!(wish, signal);
        return new Promise<DrawnMap>((resolve) => (release = () => resolve(host.draw!(wish, signal))));
      }) as NonNullable<typeof host.draw>,
    };
    const panel = await open({ host: answers });
    await page().getByRole('button', { name: 'UMAP' }).click();
    await page().getByText('UMAP: reading rows').waitFor();
    await panel.emit('progress', { stage: 'neighbours', done: 0, total: 1 });
    await page().getByText('UMAP: finding the nearest of each row').waitFor();
    await panel.emit('progress', { stage: 'layout', done: 120, total: 200 });
    await page().getByText('UMAP: epoch 120 of 200').waitFor();
    assert.equal(await page().getByRole('progressbar').getAttribute('aria-valuenow'), '60');
    await panel.assertClean();
    await page().getByRole('button', { name: 'Cancel' }).click();
    await page().locator('.progress-strip').waitFor({ state: 'hidden' });
    assert.equal(panel.cancelled.length, 1);
    assert.equal(await page().getByRole('button', { name: 'PCA' }).getAttribute('aria-pressed'), 'true');
    assert.equal(await page().locator('.map-layers').getAttribute('data-drawn'), '1');
    await page().getByRole('button', { name: 'UMAP' }).click();
    await panel.asked('draw', { projection: 'umap', sample: 10_000, seed: 7, colour: 'category' });
    while (release === undefined) await page().waitForTimeout(10);
    release();
    await drawn(2);
    assert.match(await page().locator('.axes').innerText(), /its axes and large distances mean nothing/);
  });

  it('changes what is being drawn, and offers to draw when the first picture was cancelled', async () => {
    const host = vectorMapHost();
    let wait = true;
    const slow = vectorMapHost({
      draw: (wish, signal) => (wait ? new Promise<DrawnMap>(() => undefined) : host.draw!(wish, signal)),
    });
    const panel = await suite.open<VectorMapPanelMethods>({ panel: 'vector-map', host: slow });
    await page().getByRole('button', { name: 'UMAP' }).click();
    await panel.asked('draw', { projection: 'umap', sample: 10_000, seed: 7, colour: 'category' });
    await page().getByRole('combobox', { name: 'Colour by' }).click();
    await page().getByRole('option', { name: 'urgency' }).click();
    await panel.asked('draw', { projection: 'umap', sample: 10_000, seed: 7, colour: 'urgency' });
    await page().getByRole('button', { name: 'Cancel' }).click();
    await page().getByText('Drawing was cancelled.').waitFor();
    await panel.assertClean();
    wait = false;
    await page().getByRole('button', { name: 'Draw', exact: true }).press('Enter');
    await drawn(1);
    await page().getByText('Drawing was cancelled.').waitFor({ state: 'hidden' });
    await panel.asked('draw', { projection: 'pca', sample: 10_000, seed: 7, colour: 'category' });
  });

  it('says why there is no picture, and keeps the last one when the next fails', async () => {
    const failing = vectorMapHost({
      draw: () => {
        throw new MigrationError('not-a-vector-column', { context: { table: 'public.signs', column: 'bits', type: 'bit(8)' } });
      },
    });
    await open({ host: failing });
    await page()
      .getByText(/"bits" of "public\.signs" is of type bit\(8\)/)
      .waitFor();
    await open({
      host: vectorMapHost({}, pictureOf([], [], { leftOut: { withoutVector: 3, otherDimensions: 0, notFinite: 0 }, drawable: 0 })),
    });
    await page().getByText('No row has a vector in embedding. Left out: 3 without a vector.').waitFor();
    const host = vectorMapHost();
    await open({
      host: {
        ...host,
        draw: (wish, signal) => {
          if (wish.projection === 'umap') throw new MigrationError('bad-usage', { context: { detail: 'UMAP needs at least 5 vectors' } });
          return host.draw!(wish, signal);
        },
      },
    });
    await page().getByRole('button', { name: 'UMAP' }).click();
    await page()
      .locator('#error-strip')
      .getByText(/at least 5 vectors/)
      .waitFor();
    assert.equal(await page().getByRole('button', { name: 'PCA' }).getAttribute('aria-pressed'), 'true');
  });

  it('stands still under reduced motion, and fits a narrow window', async () => {
    const panel = await open({ reducedMotion: true, viewport: { width: 640, height: 800 } });
    await page().locator('.map-aside').waitFor();
    const [plot, aside] = [await page().locator('.stage').boundingBox(), await page().locator('.map-aside').boundingBox()];
    assert.ok(aside!.y >= plot!.y + plot!.height - 1, 'the aside is below');
    await panel.assertClean();
  });

  it('is a small bundle', () => {
    assert.ok(statSync(join(import.meta.dirname, '../../dist/webview/vector-map.js')).size < 350_000);
  });
});
