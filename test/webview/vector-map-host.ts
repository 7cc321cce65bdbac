import type { MapCategory } from '../../src/core/model/vector-map.ts';
import type { RowsColumn } from '../../src/core/model/rows.ts';
import type { DrawnMap, PointName, VectorMapPanelInit, VectorMapPanelMethods } from '../../src/protocol/vector-map-panel.ts';
import type { PanelHost } from '../helpers/webview.ts';

function column(name: string, type: string, key: number | null = null): RowsColumn {
  return { name, type, key, nullable: key === null, align: type === 'integer' ? 'right' : 'left', vector: null, references: null };
}

export const init: VectorMapPanelInit = {
  subject: { profile: 'p', schema: 'public', table: 'reports', column: 'embedding' },
  dimensions: 384,
  columns: [column('id', 'integer', 0), column('title', 'text'), column('category', 'text'), column('urgency', 'text')],
  colour: 'category',
};

/** [category, points, middle x and y, spread]. */
const groups = [
  ['roads', 271, -2.2, 0.9, 0.5],
  ['water', 239, 0.2, 1.1, 0.45],
  ['sanitation', 165, 1.6, -0.2, 0.4],
  ['electricity', 140, -1.7, -1.3, 0.35],
  ['public safety', 112, 0.1, -1.9, 0.4],
  ['parks', 45, 2.4, -1.6, 0.15],
  [null, 28, 0, 0, 1.4],
] as const;

/** A thousand points in seven groups, the same each time. */
export const thousand: DrawnMap = pictureOf(
  groups.flatMap(([, points, x, y, spread], code) =>
    Array.from({ length: points }, (_, i) => {
      const angle = i * 2.399963;
      const far = spread * Math.sqrt(((i * 7919) % points) / points) * (1 + 0.4 * Math.sin(i * 1.7));
      return { x: x + Math.cos(angle) * far, y: y + Math.sin(angle) * far, code };
    }),
  ),
  groups.map(([text, points]) => ({ kind: text === null ? 'null' : 'value', text: text ?? 'NULL', points })),
);

interface Point {
  readonly x: number;
  readonly y: number;
  readonly code: number;
}

export function pictureOf(points: readonly Point[], categories: readonly MapCategory[], more: Partial<DrawnMap> = {}): DrawnMap {
  return {
    picture: 1,
    table: 'public.reports',
    column: 'embedding',
    dimensions: 384,
    metric: 'cosine',
    projection: 'pca',
    seed: 7,
    colour: 'category',
    label: 'title',
    rows: 48_300,
    drawable: 48_211,
    limit: 100_000,
    leftOut: { withoutVector: 89, otherDimensions: 0, notFinite: 0 },
    positions: Float32Array.from(points.flatMap(({ x, y }) => [x, y])),
    codes: Uint8Array.from(points, ({ code }) => code),
    categories,
    variance: [0.312, 0.148],
    cached: false,
    seconds: 0.4,
    labelOrder: Uint32Array.from(points, (_, i) => i),
    ...more,
  };
}

const titles = [
  'Burst water main flooding Lusaka Road',
  'Main pipe leaking outside Lusaka Road market',
  'No water in Kariakor since the pipe burst',
  'Street light out at Gate B',
  'Garbage not collected in Block 4',
];

export function nameOf(point: number): PointName {
  return { title: `${titles[point % titles.length]} ${point}`, id: String(1_000 + point) };
}

const vector = Float32Array.from({ length: 384 }, (_, i) => Math.sin(i * i) * 0.05);

/** A host that draws the same points for every wish, UMAP turned by a right angle. */
export function vectorMapHost(more: PanelHost<VectorMapPanelMethods> = {}, picture = thousand): PanelHost<VectorMapPanelMethods> {
  let pictures = 0;
  return {
    ready: () => init,
    draw: (wish) => ({
      ...picture,
      picture: ++pictures,
      projection: wish.projection,
      seed: wish.seed,
      variance: wish.projection === 'pca' ? picture.variance : null,
      positions:
        wish.projection === 'pca' ? picture.positions : picture.positions.map((_, i, all) => (i % 2 === 0 ? -all[i + 1]! : all[i - 1]!)),
      ...(wish.colour === null
        ? {
            colour: null,
            codes: new Uint8Array(picture.codes.length),
            categories: [{ kind: 'all', text: '', points: picture.codes.length }] as const,
          }
        : {}),
    }),
    names: ({ points }) => points.map(nameOf),
    find: ({ text }) =>
      Uint32Array.from([...picture.codes.keys()].filter((point) => nameOf(point).title.toLowerCase().includes(text.toLowerCase()))),
    nearest: ({ point, k }) => ({
      metric: 'cosine',
      dimensions: 384,
      vector,
      facts: 'water · high',
      nearest: Array.from({ length: k }, (_, i) => {
        const at = i === 9 ? null : (point + (i + 1) * 3) % picture.codes.length;
        return { ...nameOf(at ?? 90_000), point: at, similarity: 0.96 - i * 0.01 };
      }),
    }),
    openRows: ({ points }) => ({ shown: Math.min(1_000, points.length) }),
    openNeighbours: () => null,
    copyIds: () => null,
    copyText: () => null,
    openText: () => null,
    ...more,
  };
}
