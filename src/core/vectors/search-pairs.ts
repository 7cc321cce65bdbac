import type { IndexOnColumn } from '../target/vector-indexes.ts';
import { candidatesOf, oversamplingOf } from './candidates.ts';
import type { WantedPairs } from './compare-pairs.ts';
import { compareWithAllStatement, nearStatement, type NearSettings } from './duplicate-query.ts';
import { planScans } from './plan-scans.ts';
import { applySearchSettings } from './search-settings.ts';

export interface SearchedPairs {
  /** false: the index does not serve this search, and the pairs that were found so far are not all. */
  readonly complete: boolean;
  /** Rows that have more near ones than the index can be asked for, and were compared with every other. */
  readonly compared: number;
}

/** Neighbours that a row is asked for; a row whose neighbours are all near is asked for the next number. */
const depths = [16, 64, 256, 1_000] as const;
const batchRows = 200;
/** hnsw.ef_search: the index looks at so many times more rows than it gives, and at no fewer than the second. */
const thoroughness = 2;
const leastEffort = 100;
const mostEffort = 1_000;

/**
 * The rows near to each row, as the index finds them. A pair is found when the index finds it from either of its rows. Ends without being complete when the
 * planner does not use the index, or when so many rows are near to each other that comparing all of them is cheaper.
 */
export async function searchPairs(wanted: WantedPairs & { readonly index: IndexOnColumn }): Promise<SearchedPairs> {
  const { session, rows, tell } = wanted;
  const unused: SearchedPairs = { complete: false, compared: 0 };
  // The search is made once a row, so that an index that looks dear for one search is right for all of them.
  await session.query('SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off');
  let compared = 0;
  let complete = await usesIndex(wanted);
  for (let start = 1; complete && start <= rows; start += batchRows) {
    const batch = Array.from({ length: Math.min(batchRows, rows - start + 1) }, (_, i) => String(start + i));
    const rest = await searchBatch(wanted, batch);
    compared += rest;
    complete = rest * 2 <= batch.length;
    if (complete) tell(start + batch.length - 1, rows);
  }
  await session.query('SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_sort TO DEFAULT');
  return complete ? { complete, compared } : unused;
}

async function usesIndex({ session, column, metric, threshold, index }: WantedPairs & { readonly index: IndexOnColumn }): Promise<boolean> {
  const sql = nearStatement(column, settingsOf(metric, index, depths[0]));
  const explained = await session.query(`EXPLAIN (FORMAT JSON) ${sql}`, [['1'], String(threshold)]);
  const scans = planScans(explained.rows[0]?.['QUERY PLAN']);
  return scans.indexes.some((name) => index.scanNames.includes(name));
}

/** Returns how many rows had to be compared with every other. */
async function searchBatch(wanted: WantedPairs & { readonly index: IndexOnColumn }, batch: readonly string[]): Promise<number> {
  const { session, column, metric, threshold, index } = wanted;
  let open = batch;
  for (const depth of depths) {
    const settings = settingsOf(metric, index, depth);
    await applySearchSettings(session, index, effortOf(index, settings.limit), { filtered: false, vectorVersion: column.vectorVersion });
    const { rows } = await session.query(nearStatement(column, settings), [open, String(threshold)]);
    open = rows.map((row) => String(row['n']));
    if (open.length === 0) return 0;
  }
  await session.query(compareWithAllStatement(column, metric), [open, String(threshold)]);
  return open.length;
}

function settingsOf(metric: WantedPairs['metric'], index: IndexOnColumn, depth: number): NearSettings {
  const candidates = candidatesOf(index, depth, null);
  const limit = candidates?.count ?? depth;
  return { metric, candidates, limit, full: Math.floor(limit / oversamplingOf(index)) };
}

/** IVFFlat finds a row in one of its lists; twice the square root of their number is twice what pgvector advises. */
function effortOf({ method, options }: IndexOnColumn, limit: number): number {
  if (method === 'hnsw') return Math.min(mostEffort, Math.max(leastEffort, limit * thoroughness));
  const lists = Number(options['lists']);
  return Math.min(lists, Math.ceil(2 * Math.sqrt(lists)));
}
