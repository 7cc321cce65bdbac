import { parsePostgresUrl } from '../../../src/core/target/postgres/connection-string.ts';
import type { VectorMapPanelMethods } from '../../../src/protocol/vector-map-panel.ts';
import { enginesSetting } from '../../helpers/engines.ts';
import { peakMb } from '../../helpers/kernel-peak.ts';
import { startCluster } from '../../helpers/postgres.ts';
import { openPanel } from '../../helpers/webview.ts';
import { pictureOf, vectorMapHost } from '../../webview/vector-map-host.ts';

/** Milliseconds. */
export interface MapPageTimes {
  /** From the message with the points to the end of the frame that shows them. */
  readonly paint: number;
  /** Median of a frame while the picture is moved. */
  readonly pan: number;
}

const points = 100_000;

/** Draws the page of the vector map with 100,000 points in Chromium, which has no graphics card here. */
export async function measureMapPage(withoutWebgl: boolean): Promise<MapPageTimes> {
  const picture = pictureOf(
    Array.from({ length: points }, (_, i) => ({
      x: Math.sin(i * 12.9898) + (i % 6),
      y: Math.cos(i * 78.233) * (1 + (i % 7)),
      code: i % 6,
    })),
    Array.from({ length: 6 }, (_, code) => ({ kind: 'value', text: `group ${code}`, points: Math.ceil((points - code) / 6) })),
  );
  const panel = await openPanel<VectorMapPanelMethods>({ panel: 'vector-map', host: vectorMapHost({}, picture), withoutWebgl });
  try {
    await panel.page.locator('.map-layers[data-drawn="1"]').waitFor({ state: 'attached' });
    await panel.page.evaluate(watchPaint);
    await panel.page.getByRole('button', { name: 'Draw with seed 8' }).click();
    const paint = await panel.page.evaluate<number>('globalThis.sluicePaint');
    const frames = await panel.page.evaluate<number[]>(panFrames);
    if (panel.errors().length > 0) throw new Error(panel.errors().join('\n'));
    return { paint, pan: frames.toSorted((a, b) => a - b)[Math.floor(frames.length / 2)]! };
  } finally {
    await panel.close();
  }
}

/** In the page: a promise of the time from the next picture's message to the frame after the one that drew it. */
const watchPaint = `globalThis.sluicePaint = new Promise((resolve) => {
  let begin = 0;
  addEventListener('message', ({ data }) => { if (data?.result?.positions !== undefined) begin = performance.now(); }, { capture: true });
  const layers = document.querySelector('.map-layers');
  new MutationObserver(() => {
    if (layers.dataset.drawn === '2') requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begin)));
  }).observe(layers, { attributes: true, attributeFilter: ['data-drawn'] });
}); undefined`;

const panFrames = `(async () => {
  const surface = document.querySelector('.map-surface');
  const { port1, port2 } = new MessageChannel();
  const times = [];
  for (let frame = 0; frame < 60; frame++) {
    surface.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', shiftKey: true, bubbles: true }));
    times.push(await new Promise((resolve) => requestAnimationFrame((begin) => {
      port1.onmessage = () => resolve(performance.now() - begin);
      port2.postMessage(null);
    })));
  }
  return times;
})()`;

export interface MapEngineTimes {
  /** Seconds. */
  readonly sample: number;
  readonly all: number;
  readonly umap: number;
  /** Of the engine's process, threads included, after all rows were drawn and after UMAP. */
  readonly peakMb: number;
  readonly umapPeakMb: number;
}

/** Reads and lays out 100,000 vectors of 384 dimensions in an engine process, from a server of its own. */
export async function measureMapEngine(): Promise<MapEngineTimes> {
  const cluster = await startCluster();
  const setting = enginesSetting();
  try {
    const url = await cluster.createDatabase('map');
    await cluster.psql(
      `CREATE EXTENSION vector; CREATE TABLE points (id int PRIMARY KEY, title text, embedding vector(384));
       INSERT INTO points SELECT i, 'row ' || i, (SELECT array_agg(CASE WHEN d % 8 = i % 8 THEN 1 ELSE 0 END + random()) FROM generate_series(1, 384) AS d WHERE i = i)::real[]::vector(384)
       FROM generate_series(1, ${points}) AS i;`,
      'map',
    );
    const target = { kind: 'postgres', connection: parsePostgresUrl(url, {}), name: 'map' } as const;
    const draw = async (projection: 'pca' | 'umap', sample: number): Promise<number> => {
      const wish = { projection, sample, seed: 7, colour: null, request: 'bench' };
      const map = await setting.engines.browse('vectorMap', { target, schema: 'public', table: 'points', column: 'embedding', ...wish });
      if (map.keys.length !== sample) throw new Error(`${map.keys.length} points`);
      return map.seconds;
    };
    const peak = (): number => (setting.engines.state.kind === 'running' ? peakMb(setting.engines.state.pid) : 0);
    const sample = await draw('pca', 10_000);
    const all = await draw('pca', points);
    const allPeak = peak();
    await setting.engines.restart();
    const umap = await draw('umap', 20_000);
    return { sample, all, umap, peakMb: allPeak, umapPeakMb: peak() };
  } finally {
    await setting.remove();
    await cluster.remove();
  }
}
