import { existsSync } from 'node:fs';
import { MigrationError } from '../core/errors.ts';
import {
  askSource,
  backUpStore,
  checkVectorHealth,
  createDatabase,
  diffSchemas,
  embedColumn,
  embedText,
  examineTarget,
  inspectStores,
  listDuplicates,
  listRejects,
  listRuns,
  missingEmbeddings,
  planStores,
  previewPairs,
  previewSql,
  readRunReport,
  retryRejects,
  rollBackRun,
  runMigration,
  sampleRecall,
  searchNeighbours,
  verifyMigration,
  type EngineDeps,
  type RunRequest,
  type TargetChoice,
} from '../core/index.ts';
import { renderHtml } from '../core/report/render-html.ts';
import { renderJson } from '../core/report/render-json.ts';
import { renderMarkdown } from '../core/report/render-markdown.ts';
import type { BrowseSession } from '../core/run/browse/browse-session.ts';
import { compareRows } from '../core/run/browse/compare-rows.ts';
import { equalRows } from '../core/run/browse/equal-rows.ts';
import { exportRows } from '../core/run/browse/export-rows.ts';
import { openStore } from '../core/run/browse/open-store.ts';
import { orAborted } from '../core/run/browse/or-aborted.ts';
import { readCell } from '../core/run/browse/read-cell.ts';
import { readRow } from '../core/run/browse/read-row.ts';
import { recogniseStores } from '../core/run/browse/recognise-stores.ts';
import { rowsCount } from '../core/run/browse/rows-count.ts';
import { rowsPage } from '../core/run/browse/rows-page.ts';
import { rowsTable } from '../core/run/browse/rows-table.ts';
import { targetTable } from '../core/run/browse/target-table.ts';
import { targetTree } from '../core/run/browse/target-tree.ts';
import { vectorColumn } from '../core/run/browse/vector-column.ts';
import { vectorMap } from '../core/run/browse/vector-map.ts';
import type { EngineMethod, EngineRequests } from '../protocol/engine-protocol.ts';

export interface MethodSurroundings {
  readonly deps: EngineDeps;
  /** What stays open between requests. */
  readonly session: BrowseSession;
  /** Aborted when the host cancels the request. */
  readonly signal: AbortSignal;
}

type EngineMethods = {
  readonly [M in EngineMethod]: (
    params: EngineRequests[M]['params'],
    surroundings: MethodSurroundings,
  ) => Promise<EngineRequests[M]['result']> | EngineRequests[M]['result'];
};

const renderers = { md: renderMarkdown, html: renderHtml, json: renderJson };

/** What each request of the host does. */
export const engineMethods: EngineMethods = {
  recognise: (params, { signal }) => recogniseStores({ ...params, signal }),
  openStore: (params, { session, signal }) => openStore({ ...params, signal }, session),
  inspect: (params, { deps, signal }) => inspectStores({ ...params, signal }, deps),
  backUp: (params, { deps, signal }) => backUpStore({ ...params, signal }, deps),

  diagnose: ({ target }, { deps, signal }) => orAborted(examineTarget(target, deps), signal),
  createDatabase: ({ target }) => createDatabase(target.connection),
  targetTree: ({ target }, { session, signal }) => targetTree({ target: existing(target), signal }, session),
  targetTable: (params, { session, signal }) => targetTable({ ...params, target: existing(params.target), signal }, session),

  plan: (params, { deps, signal }) => planStores({ ...params, signal }, deps),
  diff: (params, { deps, signal }) => diffSchemas({ ...params, signal }, deps),
  previewSql: (params) => previewSql(params),

  rowsTable: (params, { session, signal }) => rowsTable({ ...params, signal }, session),
  rowsPage: (params, { session, signal }) => rowsPage({ ...params, signal }, session),
  rowsCount: (params, { session, signal }) => rowsCount({ ...params, signal }, session),
  row: (params, { session, signal }) => readRow({ ...params, signal }, session),
  cell: (params, { session, signal }) => readCell({ ...params, signal }, session),
  exportRows: (params, { session, signal }) => exportRows({ ...params, signal }, session),
  compareRows: (params, { session, signal }) => compareRows({ ...params, target: existing(params.target), signal }, session),
  equalRows: (params, { session, signal }) => equalRows({ ...params, target: existing(params.target), signal }, session),

  duplicates: (params, { deps, signal }) => listDuplicates({ ...params, signal, target: existing(params.target) }, deps),
  embedColumn: (params, { deps, signal }) => embedColumn({ ...params, signal, target: existing(params.target) }, deps),
  embedText: (params, { deps, signal }) => embedText({ ...params, signal }, deps),
  missingEmbeddings: (params, { session, signal }) =>
    session.withTarget(existing(params.target), signal, (target) => missingEmbeddings(params, target)),
  pairTable: (params, { session, signal }) =>
    session.withTarget(existing(params.target), signal, (target) => previewPairs(params, params.into, target)),
  vectorColumn: (params, { session, signal }) => vectorColumn({ ...params, target: existing(params.target), signal }, session),
  vectorHealth: (params, { deps, signal }) => checkVectorHealth({ ...params, signal, target: existing(params.target) }, deps),
  neighbours: (params, { deps, session, signal }) =>
    session.withTarget(existing(params.target), signal, (target) => searchNeighbours({ ...params, signal }, target, deps.clock.elapsed)),
  sampleRecall: (params, { deps, signal }) => sampleRecall({ ...params, target: existing(params.target), signal }, deps),
  sourceNeighbours: (params, { deps, signal }) => askSource({ ...params, target: existing(params.target), signal }, deps),
  vectorMap: (params, { session, signal }) => vectorMap({ ...params, target: existing(params.target), signal }, session),

  run: (params, { deps, signal }) => runMigration({ ...params, input: withSignal(params.input, signal), signal }, deps),
  verify: (params, { deps, signal }) => verifyMigration({ ...params, signal, target: existing(params.target) }, deps),
  rejects: (params, { deps, signal }) => orAborted(listRejects({ ...params, target: existing(params.target) }, deps), signal),
  retryRejects: (params, { deps, signal }) => retryRejects({ ...params, signal, target: existing(params.target) }, deps),
  rollBack: (params, { deps, signal }) => rollBackRun({ ...params, signal, target: existing(params.target) }, deps),
  runs: ({ target }, { deps, signal }) => orAborted(listRuns(existing(target), deps), signal),
  report: ({ target, runId }, { deps, signal }) => orAborted(readRunReport(existing(target), runId, deps), signal),
  renderReport: async ({ target, runId, format }, { deps, signal }) =>
    renderers[format](await orAborted(readRunReport(existing(target), runId, deps), signal)),
};

/** A signal cannot cross the border, not even inside of the request. */
function withSignal(input: EngineRequests['run']['params']['input'], signal: AbortSignal): RunRequest['input'] {
  return input.kind === 'locations' ? { ...input, plan: { ...input.plan, signal } } : input;
}

/** Looking must not create a database. */
function existing(target: TargetChoice): TargetChoice {
  if (target.kind === 'embedded' && !existsSync(target.directory)) {
    throw new MigrationError('no-embedded-target', { context: { directory: target.directory } });
  }
  return target;
}
