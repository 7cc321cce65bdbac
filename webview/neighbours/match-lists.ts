import type { Neighbour, NeighboursResult } from '../../src/core/model/neighbours.ts';

/** found: in both lists. lost: only in the exact list. new: only in that of the index. tied: as near as the last exact one, so either may be taken. */
export type Match = 'found' | 'lost' | 'new' | 'tied';

export interface MatchedRow {
  readonly neighbour: Neighbour;
  /** From 1. */
  readonly rank: number;
  readonly match: Match;
  /** Rank in the other list, null when it is not there. */
  readonly otherRank: number | null;
}

export interface MatchedLists {
  readonly exact: readonly MatchedRow[];
  /** null when no index serves the metric. */
  readonly indexed: readonly MatchedRow[] | null;
  /** Largest difference of ranks of a row that is in both lists; null when none is. */
  readonly largestShift: number | null;
}

/** Which row of one list is which of the other. */
export function matchLists(result: Pick<NeighboursResult, 'exact' | 'indexed'>): MatchedLists {
  const exact = result.exact.neighbours;
  const indexed = result.indexed?.neighbours ?? null;
  if (indexed === null)
    return {
      exact: exact.map((neighbour, i) => ({ neighbour, rank: i + 1, match: 'found', otherRank: null })),
      indexed,
      largestShift: null,
    };
  const last = exact.at(-1)?.distance;
  const known = ranks(exact);
  const tiedExtra = indexed.some((row) => row.distance === last && !known.has(keyText(row.key)));
  const exactRows = match(exact, indexed, (row) => (tiedExtra && row.distance === last ? 'tied' : 'lost'));
  const indexedRows = match(indexed, exact, (row) => (row.distance === last ? 'tied' : 'new'));
  const shifts = exactRows.flatMap((row) => (row.otherRank === null ? [] : [Math.abs(row.rank - row.otherRank)]));
  return { exact: exactRows, indexed: indexedRows, largestShift: shifts.length === 0 ? null : Math.max(...shifts) };
}

/** A key as one text. */
export function keyText(key: readonly string[]): string {
  return JSON.stringify(key);
}

function match(rows: readonly Neighbour[], others: readonly Neighbour[], alone: (row: Neighbour) => Match): MatchedRow[] {
  const otherRanks = ranks(others);
  return rows.map((neighbour, i) => {
    const otherRank = otherRanks.get(keyText(neighbour.key)) ?? null;
    return { neighbour, rank: i + 1, match: otherRank === null ? alone(neighbour) : 'found', otherRank };
  });
}

function ranks(rows: readonly Neighbour[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row, i) => [keyText(row.key), i + 1]));
}
