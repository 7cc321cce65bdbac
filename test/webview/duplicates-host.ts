import type { DuplicatePair, DuplicatesResult } from '../../src/core/model/duplicates.ts';
import type { DuplicatesPanelInit, DuplicatesPanelMethods } from '../../src/protocol/duplicates-panel.ts';
import type { PanelHost } from '../helpers/webview.ts';
import { found as neighbours, init as neighboursInit } from './neighbours-host.ts';

export const subject = { profile: 'p', schema: 'public', table: 'reports', column: 'embedding' };

const init: DuplicatesPanelInit = { subject, dimensions: 384, indexes: neighboursInit.indexes, limit: 1_000 };

const titles = [
  'Flooded shops after main broke',
  'Shops flooded, main pipe broken',
  'Street light out at Gate B',
  'Streetlight not working, gate B',
  'No water in Kariakor since the pipe burst',
  'Kariakor has no water after burst',
  'Lamp at gate B is dark',
];

const keyOf = (row: number): readonly string[] => [`8c1f04be-000${row}`];

function pair(a: number, b: number, similarity: number): DuplicatePair {
  return { a: keyOf(a), b: keyOf(b), similarity };
}

/** Rows 2, 3 and 6 belong together, although 3 and 6 are no pair. */
const pairs = [pair(0, 1, 0.987), pair(2, 3, 0.971), pair(4, 5, 0.968), pair(2, 6, 0.955)];

export const found: DuplicatesResult = {
  table: 'public.reports',
  column: 'embedding',
  metric: 'cosine',
  threshold: 0.9,
  key: ['id'],
  rows: 48_211,
  index: neighboursInit.indexes[0]!,
  exact: false,
  compared: 0,
  zeroVectors: 0,
  seconds: 4.2,
  count: pairs.length,
  pairs,
  payload: {
    columns: neighbours.columns,
    rows: titles.map((title, i) => ({
      key: keyOf(i),
      row: [keyOf(i)[0]!, title, null, i < 2 ? 'water' : 'lights', 'high', `2026-02-${10 + i} 05:48:00+00`],
    })),
  },
  into: null,
  warning:
    'Found through index reports_embedding_idx (hnsw), which is approximate: a pair is missing when the index finds it from neither of its rows. An exact search (--exact) compares all.',
};

/** A host that answers each search with what it was asked for. */
export function duplicatesHost(more: PanelHost<DuplicatesPanelMethods> = {}): PanelHost<DuplicatesPanelMethods> {
  return {
    ready: () => init,
    search: ({ threshold, metric, exact }) => ({
      ...found,
      threshold,
      metric: metric ?? 'cosine',
      ...(exact ? { index: null, exact: true, warning: null } : {}),
    }),
    previewTable: ({ table }) => ({
      table: `public.${table}`,
      columns: ['report_id', 'related_report_id', 'similarity_score'],
      there: false,
      sql: `CREATE TABLE public.${table} (\n  report_id uuid NOT NULL\n);\n`,
    }),
    writeTable: ({ table }) => ({ table: `public.${table}`, columns: [], created: true, inserted: 4, updated: 0, unchanged: 0, others: 0 }),
    openNeighbours: () => null,
    openRows: () => null,
    copyText: () => null,
    openText: () => null,
    ...more,
  };
}
