import type { Neighbour, NeighboursResult, VectorIndex } from '../../src/core/model/neighbours.ts';
import type { RecallCurve } from '../../src/core/model/recall-curve.ts';
import type { RowsColumn } from '../../src/core/model/rows.ts';
import type { SourceAgreement } from '../../src/core/model/source-agreement.ts';
import type { NeighboursPanelInit, NeighboursPanelMethods } from '../../src/protocol/neighbours-panel.ts';
import type { PanelHost } from '../helpers/webview.ts';

function column(name: string, type: string, key: number | null = null): RowsColumn {
  return { name, type, key, nullable: key === null, align: type === 'integer' ? 'right' : 'left', vector: null, references: null };
}

const columns = [
  column('id', 'uuid', 0),
  column('title', 'text'),
  column('body', 'text'),
  column('category', 'text'),
  column('urgency', 'text'),
  column('submitted_at', 'timestamp with time zone'),
];

const index: VectorIndex = {
  name: 'reports_embedding_idx',
  method: 'hnsw',
  label: 'hnsw',
  opclass: 'vector_cosine_ops',
  metric: 'cosine',
  options: { m: '16', ef_construction: '64' },
  bytes: 94_000_000,
};

export const init: NeighboursPanelInit = {
  subject: { profile: 'p', schema: 'public', table: 'reports', column: 'embedding', key: ['row 0'] },
  dimensions: 384,
  columns,
  indexes: [index],
  embedding: { origin: 'http://127.0.0.1:11434', model: 'all-minilm', exposed: false },
};

const titles = [
  'Burst water main flooding Lusaka Road',
  'Main pipe leaking outside Lusaka Road market',
  'No water in Kariakor since the pipe burst',
  'Water gushing from road near the petrol station',
  'Flooded shops after main broke',
  'Pressure very low in the whole estate',
  'Drain overflow on Lusaka Road',
  'Road surface sinking where the pipe burst',
  'Broken meter spraying water on the pavement',
  'Manhole cover lifted by water',
  'Water tanker did not come this week',
  'Burst pipe in school yard',
  'Leak at the pumping station fence',
];
const body = 'Water has been running down the road since early morning. Two shops are flooded and the pressure in the estate is gone.';

function rowOf(i: number): readonly string[] {
  return [`row ${i}`, titles[i % titles.length] ?? '', body, i % 5 === 1 ? 'sanitation' : 'water', 'high', '2026-02-27 05:48:00+00'];
}

function neighbour(i: number): Neighbour {
  const distance = 0.0412 + i * 0.0089;
  return { key: [`row ${i}`], exactRank: i, distance, similarity: 1 - distance, row: rowOf(i) };
}

const numbers = (from: number, to: number): readonly number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

const vector = Float32Array.from({ length: 384 }, (_, i) => Math.sin(i * i) * 0.05);

/** Row 0 as the query; the index loses two of ten (4 and 8) and finds 11 and 12 instead. */
export const found: NeighboursResult = {
  table: 'public.reports',
  column: 'embedding',
  dimensions: 384,
  metric: 'cosine',
  rows: 48_211,
  columns,
  query: { vector, norm: 1, row: rowOf(0), key: ['row 0'] },
  exact: { seconds: 0.0418, neighbours: numbers(1, 10).map(neighbour) },
  indexed: { seconds: 0.0019, neighbours: [1, 2, 3, 5, 6, 7, 9, 10, 11, 12].map(neighbour), index, used: true, candidates: null },
  recall: 0.8,
  setting: { name: 'hnsw.ef_search', value: 40 },
  sql: 'SELECT "id", "title", "embedding" <=> $1::vector AS distance\nFROM "public"."reports"\nORDER BY "embedding" <=> $1::vector\nLIMIT 10',
  warning: null,
};

/** The same when no index serves the metric. */
export const withoutIndex: NeighboursResult = {
  ...found,
  metric: 'l2',
  indexed: null,
  recall: null,
  setting: null,
  warning: 'No index serves l2 (<->), so all 48,211 rows are read: reports_embedding_idx is built for cosine (<=>).',
};

export const curve: RecallCurve = {
  metric: 'cosine',
  k: 10,
  index,
  setting: 'hnsw.ef_search',
  sample: { rows: 100, of: 48_211, seed: 1, keys: [] },
  points: [
    [10, 0.72],
    [20, 0.83],
    [40, 0.94],
    [80, 0.985],
    [200, 0.998],
    [400, 1],
  ].map(([value = 0, recall = 0]) => ({ value, recall, error: 0.01, seconds: value / 20_000, used: 100 })),
  suggested: 80,
  wanted: 0.95,
  exactSeconds: 0.0418,
  warning: null,
};

const agreement: SourceAgreement = {
  agrees: true,
  places: 10,
  sameOrder: 10,
  query: 'same',
  location: 'reports.db',
  table: 'reports',
  rows: 48_210,
  rejected: 0,
  seconds: 1.2,
  neighbours: [],
  differences: [],
};

/** What the source says where a row is missing in the target and another has other numbers. */
export const disagreement: SourceAgreement = {
  ...agreement,
  agrees: false,
  sameOrder: 8,
  query: 'vector-differs',
  rejected: 1,
  differences: [
    {
      reason: 'missing-in-target',
      key: ['row 99'],
      sourceRank: 2,
      targetRank: null,
      sourceDistance: 0.05,
      targetDistance: null,
      provenance: 'rowid 99',
    },
    {
      reason: 'vector-differs',
      key: ['row 4'],
      sourceRank: 5,
      targetRank: 4,
      sourceDistance: 0.0812,
      targetDistance: 0.0796,
      provenance: 'rowid 4',
    },
  ],
};

/** A host that answers each search with what it was asked for. */
export function neighboursHost(more: PanelHost<NeighboursPanelMethods> = {}): PanelHost<NeighboursPanelMethods> {
  return {
    ready: () => init,
    firstKey: () => ['row 0'],
    search: ({ query, metric, effort }) => {
      if (metric === 'l2') return withoutIndex;
      const key = query.kind === 'row' ? query.key : null;
      const row = key === null ? null : rowOf(Number(key[0]?.slice(4)));
      return { ...found, query: { ...found.query, key, row }, setting: { name: 'hnsw.ef_search', value: effort ?? 40 } };
    },
    measureRecall: () => curve,
    askSource: () => ({ plan: 'reports', agreement }),
    setEmbeddingEndpoint: () => null,
    openRow: () => null,
    copyText: () => null,
    openText: () => null,
    ...more,
  };
}
