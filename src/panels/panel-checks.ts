import type { DuplicatesPanelMethods } from '../protocol/duplicates-panel.ts';
import type { HealthPanelMethods } from '../protocol/health-panel.ts';
import type { NeighboursPanelMethods } from '../protocol/neighbours-panel.ts';
import type { CommonPanelMethods } from '../protocol/panel-protocol.ts';
import type { ReportPanelMethods } from '../protocol/report-panel.ts';
import type { RowDiffPanelMethods } from '../protocol/row-diff-panel.ts';
import type { RowsPanelMethods } from '../protocol/rows-panel.ts';
import type { VectorMapPanelMethods } from '../protocol/vector-map-panel.ts';
import {
  anyOf,
  finite,
  flag,
  limit,
  listOf,
  name,
  offset,
  oneOf,
  optional,
  orNull,
  record,
  text,
  whole,
  type PanelChecks,
} from './check-params.ts';

/** Columns of a table, as many as PostgreSQL allows; SQLite may be built to allow more. */
const mostColumns = 32_767;
const nothing = record({});
const condition = orNull(text(100_000));
const key = listOf(text(1_000_000), mostColumns);
/** A value of a cell, whole. */
const value = text(64_000_000);
/** Keys of a row may stand in it. */
const title = text(1_000_000);

const view = record({
  filter: condition,
  sort: listOf(record({ column: name, descending: flag }), mostColumns),
  columns: orNull(listOf(name, mostColumns)),
});

const commonChecks: PanelChecks<CommonPanelMethods> = {
  copyText: record({ text: value }),
  openText: record({ text: value, language: text(100), title }),
};

export const rowsChecks: PanelChecks<RowsPanelMethods> = {
  ...commonChecks,
  ready: nothing,
  page: record({ view, offset, limit }),
  count: record({ filter: condition }),
  row: record({ view, offset }),
  openCell: record({ view, offset, column: name }),
  openSql: record({ sql: text(1_000_000) }),
  exportRows: record({ view, format: oneOf('csv', 'json', 'sql', 'markdown') }),
  openNeighbours: record({ column: name, key }),
  openReferenced: record({ column: name, value }),
  openRowDiff: nothing,
};

export const rowDiffChecks: PanelChecks<RowDiffPanelMethods> = {
  ...commonChecks,
  ready: nothing,
  compare: nothing,
  equalRows: record({ after: orNull(value), before: orNull(value), limit }),
  openCellDiff: record({ column: name, source: value, target: value, title }),
  goToSource: record({ key }),
};

const neighboursSearch = {
  k: limit,
  metric: orNull(oneOf('cosine', 'l2', 'ip', 'l1')),
  filter: condition,
};
const neighboursQuery = {
  ...neighboursSearch,
  query: anyOf(
    record({ kind: oneOf('row'), key }),
    record({ kind: oneOf('vector'), vector: text(1_000_000) }),
    record({ kind: oneOf('text'), text: text(100_000) }),
  ),
  effort: orNull(whole(1, 32_768)),
  oversampling: orNull(whole(1, 100)),
};

export const neighboursChecks: PanelChecks<NeighboursPanelMethods> = {
  ...commonChecks,
  ready: nothing,
  firstKey: nothing,
  search: record({ ...neighboursQuery, compare: optional(flag) }),
  measureRecall: record(neighboursSearch),
  askSource: record(neighboursQuery),
  setEmbeddingEndpoint: nothing,
  openRow: record({ key }),
};

const pairSearch = { threshold: finite, metric: orNull(oneOf('cosine', 'l2', 'ip', 'l1')), exact: flag };
const pairTable = { table: name, columns: orNull(listOf(name, mostColumns)) };

export const duplicatesChecks: PanelChecks<DuplicatesPanelMethods> = {
  ...commonChecks,
  ready: nothing,
  search: record(pairSearch),
  previewTable: record(pairTable),
  writeTable: record({ ...pairSearch, ...pairTable }),
  openNeighbours: record({ key }),
  openRows: record({ keys: listOf(key, 2_000) }),
};

export const healthChecks: PanelChecks<HealthPanelMethods> = {
  ...commonChecks,
  ready: nothing,
  check: nothing,
  openRow: record({ key }),
  backfill: nothing,
  findDuplicates: nothing,
};

export const reportChecks: PanelChecks<ReportPanelMethods> = {
  ...commonChecks,
  ready: nothing,
  save: record({ format: oneOf('md', 'html', 'json') }),
  openRows: record({ table: name }),
  openRowDiff: record({ table: name }),
  openHealth: record({ table: name, column: name }),
  openPlan: nothing,
  verifyAgain: nothing,
  rollBack: nothing,
  resume: nothing,
};

/** Points of one map, and a place among them. */
const mostPoints = 100_000;
const point = whole(0, mostPoints - 1);
const picture = whole(0, Number.MAX_SAFE_INTEGER);

export const vectorMapChecks: PanelChecks<VectorMapPanelMethods> = {
  ...commonChecks,
  ready: nothing,
  draw: record({
    projection: oneOf('pca', 'umap'),
    sample: orNull(whole(1, mostPoints)),
    seed: whole(0, 2 ** 31 - 1),
    colour: orNull(name),
  }),
  names: record({ picture, points: listOf(point, 2_000) }),
  find: record({ picture, text: text(1_000) }),
  nearest: record({ picture, point, k: limit }),
  openRows: record({ picture, points: listOf(point, mostPoints) }),
  openNeighbours: record({ picture, point }),
  copyIds: record({ picture, points: listOf(point, mostPoints) }),
};
