import type { Neighbour, NeighbourList, VectorMetric } from '../model/neighbours.ts';
import { toFilterError } from '../target/filter-error.ts';
import type { TargetSession } from '../target/target.ts';
import { nearerQuery, neighbourQuery, type NeighbourQuerySettings } from './neighbour-query.ts';
import { readCells, readKey } from './read-cells.ts';
import { rankAmong } from './recall.ts';
import type { VectorColumn } from './vector-column.ts';
import { distanceOf, similarityOf } from './vector-metric.ts';

/** A list as it came from the server, nearest first. */
export interface RankedList {
  readonly seconds: number;
  readonly rows: readonly RankedRow[];
  /** A row was left out because its distance is not a number. */
  readonly undefinedDistances: boolean;
}

interface RankedRow {
  /** What pgvector's operator gave; less is nearer. */
  readonly ordering: number;
  readonly key: readonly string[];
  readonly row: Neighbour['row'];
}

/** Nearer rows that are read to find how far down in the exact order a row is. */
const deepestRank = 10_000;

/** Runs the search with the settings that the transaction has now. `elapsed`: milliseconds. */
export async function readNeighbourList(
  session: TargetSession,
  column: VectorColumn,
  settings: NeighbourQuerySettings,
  elapsed: () => number,
): Promise<RankedList> {
  const { sql, parameters } = neighbourQuery(column, settings);
  const start = elapsed();
  const found = await session.query(sql, parameters).catch((error: unknown) => {
    throw toFilterError(error, settings.filter);
  });
  const seconds = (elapsed() - start) / 1000;
  const rows = found.rows.map((row) => ({ ordering: Number(row['d'] ?? NaN), key: readKey(row), row: readCells(row) }));
  const defined = rows.filter((row) => !Number.isNaN(row.ordering));
  // Relaxed iterative scans give rows slightly out of order.
  return { seconds, rows: defined.sort((a, b) => a.ordering - b.ordering), undefinedDistances: defined.length < rows.length };
}

/** Orderings of the rows from the nearest on, as far as exact ranks of `list` need them: from the exact list when it reaches that far, else from the table. */
export async function readNearer(
  session: TargetSession,
  column: VectorColumn,
  settings: NeighbourQuerySettings,
  lists: { readonly exact: RankedList; readonly list: RankedList },
): Promise<readonly number[]> {
  const known = lists.exact.rows.map((row) => row.ordering);
  const farthest = lists.list.rows.at(-1)?.ordering ?? -Infinity;
  if (farthest <= (known.at(-1) ?? -Infinity)) return known;
  const { sql, parameters } = nearerQuery(column, settings, farthest, deepestRank);
  return (await session.query(sql, parameters)).rows.map((row) => Number(row['d']));
}

/** `nearer`: as readNearer gives it; null = ranks were not looked for. */
export function toNeighbourList(list: RankedList, metric: VectorMetric, nearer: readonly number[] | null): NeighbourList {
  const neighbours = list.rows.map(({ ordering, key, row }) => {
    const distance = distanceOf(metric, ordering);
    const rank = nearer === null ? null : rankAmong(nearer, ordering);
    return { key, exactRank: rank !== null && rank > deepestRank ? null : rank, distance, similarity: similarityOf(metric, distance), row };
  });
  return { seconds: list.seconds, neighbours };
}
