import { MigrationError } from '../errors.ts';
import type { NeighbourQuery, NeighboursResult, VectorMetric } from '../model/neighbours.ts';
import { checkFilter } from '../target/check-filter.ts';
import { inReadOnly } from '../target/read-only.ts';
import type { Target, TargetSession } from '../target/target.ts';
import { describeIndex, type IndexOnColumn } from '../target/vector-indexes.ts';
import { candidatesOf } from './candidates.ts';
import { chooseIndex } from './choose-index.ts';
import { countVectors } from './count-vectors.ts';
import { describeSearch } from './describe-search.ts';
import { findQuery } from './find-query.ts';
import { readNearer, readNeighbourList, toNeighbourList, type RankedList } from './neighbour-list.ts';
import { neighbourQuery, type NeighbourQuerySettings } from './neighbour-query.ts';
import { normOf } from './parse-vector.ts';
import { planScans, type PlanScans } from './plan-scans.ts';
import { recallOf } from './recall.ts';
import { stoppable } from './stoppable.ts';
import { applyExactSettings, applySearchSettings } from './search-settings.ts';
import { readVectorColumn, type VectorColumn } from './vector-column.ts';

export interface NeighbourSearch {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly query: NeighbourQuery;
  /** 1 to 1,000. */
  readonly k: number;
  /** null = that of the index, cosine without one. */
  readonly metric: VectorMetric | null;
  /** SQL condition; null = all rows. */
  readonly filter: string | null;
  /** hnsw.ef_search or ivfflat.probes; null = the server's. */
  readonly effort: number | null;
  /** false = where an index serves the metric, the exact list stays empty and recall null: nothing reads the whole table. Default true. */
  readonly compare?: boolean;
  /** An index on an expression is asked for k times as many rows, which are then ranked by the vectors themselves; null = as its form needs. 1 to 100. */
  readonly oversampling?: number | null;
  readonly signal: AbortSignal;
}

const most = 1_000;

/**
 * The rows nearest to a vector, exactly and as the index finds them: both lists come from one read-only transaction with one snapshot.
 * `elapsed`: milliseconds from an arbitrary start. An abort ends it between two statements; whoever holds the target cancels the statement under way.
 */
export async function searchNeighbours(search: NeighbourSearch, target: Target, elapsed: () => number): Promise<NeighboursResult> {
  if (!Number.isInteger(search.k) || search.k < 1 || search.k > most)
    throw new MigrationError('bad-usage', {
      context: { detail: `k must be a whole number from 1 to ${most}`, hint: 'Choose another number.' },
    });
  return inReadOnly(target, async (session) => {
    await session.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    return searchIn(stoppable(session, search.signal), search, elapsed);
  });
}

async function searchIn(session: TargetSession, search: NeighbourSearch, elapsed: () => number): Promise<NeighboursResult> {
  const { filter, effort, k } = search;
  const column = await readVectorColumn(session, search);
  const query = await findQuery(session, column, search.query);
  if (filter !== null) await checkFilter(session, column, filter);
  const { metric, index } = chooseIndex(column.indexes, search.metric);
  const settings = { metric, vector: query.text, dimensions: query.vector.length, without: query.key, filter, k, candidates: null };
  const candidates = candidatesOf(index, k, search.oversampling ?? null);
  const throughIndex = { ...settings, candidates };
  const rows = await countVectors(session, column);
  const filtered = filter !== null;
  const inForce = await applySearchSettings(session, index, effort, {
    filtered,
    vectorVersion: column.vectorVersion,
    candidates: candidates?.count ?? null,
  });
  const scans = index === null ? null : await explain(session, column, throughIndex);
  const found = index === null ? null : await readNeighbourList(session, column, throughIndex, elapsed);
  const compared = found === null || search.compare !== false;
  if (compared) await applyExactSettings(session);
  const exact = compared ? await readNeighbourList(session, column, settings, elapsed) : null;
  const nearer = exact === null ? null : await readNearer(session, column, settings, { exact, list: found ?? exact });
  const used = isUsed(index, scans);
  const norm = normOf(query.vector);
  const undefinedDistances = (exact ?? found)?.undefinedDistances === true;
  return {
    table: `${column.schema}.${column.table}`,
    column: column.column,
    dimensions: query.vector.length,
    metric,
    rows,
    columns: column.payload,
    query: { vector: query.vector, norm, row: query.row, key: query.key },
    exact: toNeighbourList(exact ?? { seconds: 0, rows: [], undefinedDistances }, metric, nearer),
    indexed:
      found === null || index === null
        ? null
        : { ...toNeighbourList(found, metric, nearer), index: describeIndex(index), used, candidates: candidates?.count ?? null },
    recall: recallOfLists(exact, found),
    setting: inForce.setting,
    sql: [...inForce.statements.map((statement) => `${statement};`), neighbourQuery(column, throughIndex).shown].join('\n'),
    warning: describeSearch({ column, metric, index, used, scans, rows, filtered, zeroQuery: norm === 0, undefinedDistances }),
  };
}

async function explain(session: TargetSession, column: VectorColumn, settings: NeighbourQuerySettings): Promise<PlanScans> {
  const { sql, parameters } = neighbourQuery(column, settings);
  const found = await session.query(`EXPLAIN (FORMAT JSON) ${sql}`, parameters);
  return planScans(found.rows[0]?.['QUERY PLAN']);
}

function isUsed(index: IndexOnColumn | null, scans: PlanScans | null): boolean {
  return index !== null && scans !== null && scans.indexes.some((name) => index.scanNames.includes(name));
}

function recallOfLists(exact: RankedList | null, found: RankedList | null): number | null {
  return exact === null || found === null ? null : recallOf(exact.rows, found.rows);
}
