import type { Neighbour, VectorMetric } from '../model/neighbours.ts';
import type { NeighbourDifference, NeighbourDifferenceReason, QueryAgreement, SourceAgreement } from '../model/source-agreement.ts';
import { distanceOf, similarityOf } from './vector-metric.ts';

/** How a row of one side looks on the other. `unknown`: a row without a key cannot be looked for. */
export type Counterpart = 'same' | 'vector-differs' | 'missing' | 'unknown';

/** A row of the source, among its nearest ones. */
export interface NearSourceRow {
  /** Place in the target's list, from 0; null when it is not in it. */
  readonly listed: number | null;
  /** What the target has of it. */
  readonly inTarget: Counterpart;
  /** Of the plan's key; empty without one. */
  readonly key: readonly string[];
  readonly ordering: number;
  readonly tolerance: number;
  readonly provenance: string;
}

/** A row of the target's list as the source has it. */
export interface ListedRow {
  readonly inSource: Counterpart;
  /** In the source; null when it is missing there. */
  readonly ordering: number | null;
  readonly tolerance: number;
  readonly provenance: string | null;
}

export interface SourceSearchResult {
  /** Nearest first. */
  readonly nearest: readonly NearSourceRow[];
  /** One for each row of the target's list. */
  readonly listed: readonly ListedRow[];
  readonly query: QueryAgreement | null;
  readonly rows: number;
  readonly rejected: number;
}

type Compared = Omit<SourceAgreement, 'location' | 'table' | 'seconds'>;

/** What two lists of the same query have in common, and why they do not have more. */
export function compareLists(metric: VectorMetric, target: readonly Neighbour[], found: SourceSearchResult): Compared {
  const sourceRank = new Map(found.nearest.flatMap(({ listed }, i) => (listed === null ? [] : [[listed, i + 1] as const])));
  const inOrder = rowsInOrder(found, sourceRank);
  const ofTarget = target.flatMap((neighbour, i): NeighbourDifference[] => {
    const row = found.listed[i] as ListedRow;
    const reason = reasonOfListed(row, inOrder.has(i), sourceRank.has(i));
    if (reason === null) return [];
    return [
      {
        reason,
        key: neighbour.key,
        sourceRank: sourceRank.get(i) ?? null,
        targetRank: i + 1,
        sourceDistance: row.ordering === null ? null : distanceOf(metric, row.ordering),
        targetDistance: neighbour.distance,
        provenance: row.provenance,
      },
    ];
  });
  const places = Math.max(target.length, found.nearest.length);
  const ofSource = found.nearest.flatMap((row, i): NeighbourDifference[] => {
    const reason = row.listed === null ? reasonOfUnlisted(row, found.nearest.at(-1) ?? row, inOrder.size === places) : null;
    if (reason === null) return [];
    const { key, ordering, provenance } = row;
    const rank = { sourceRank: i + 1, targetRank: null };
    return [{ reason, key, ...rank, sourceDistance: distanceOf(metric, ordering), targetDistance: null, provenance }];
  });
  const differences = [...ofSource, ...ofTarget];
  const agrees = inOrder.size === places && differences.length === 0 && (found.query === null || found.query === 'same');
  return {
    agrees,
    places,
    sameOrder: inOrder.size,
    query: found.query,
    rows: found.rows,
    rejected: found.rejected,
    neighbours: found.nearest.map(({ listed, key, ordering, provenance }) => {
      const distance = distanceOf(metric, ordering);
      const known = listed === null ? undefined : target[listed];
      return {
        key: known?.key ?? key,
        distance,
        similarity: similarityOf(metric, distance),
        provenance,
        targetRank: listed === null ? null : listed + 1,
      };
    }),
    differences,
  };
}

/**
 * Places of the target's list whose rows belong to the nearest of the source, in the order of the source: the longest run of them in which no row is
 * nearer than the one before by more than rounding explains.
 */
function rowsInOrder({ nearest, listed }: SourceSearchResult, sourceRank: ReadonlyMap<number, number>): ReadonlySet<number> {
  const rows = listed.flatMap(({ inSource, ordering, tolerance }, i) =>
    inSource === 'same' && ordering !== null && (sourceRank.has(i) || isTied({ ordering, tolerance }, nearest))
      ? [{ place: i, ordering, tolerance }]
      : [],
  );
  const lengths: number[] = [];
  const before: number[] = [];
  rows.forEach((row, i) => {
    lengths[i] = 1;
    before[i] = -1;
    for (let j = 0; j < i; j++) {
      const earlier = rows[j] as (typeof rows)[number];
      if (row.ordering < earlier.ordering - earlier.tolerance || (lengths[j] ?? 0) + 1 <= (lengths[i] ?? 0)) continue;
      lengths[i] = (lengths[j] ?? 0) + 1;
      before[i] = j;
    }
  });
  const kept = new Set<number>();
  let at = lengths.indexOf(Math.max(...lengths));
  for (; at >= 0; at = before[at] ?? -1) kept.add((rows[at] as (typeof rows)[number]).place);
  return kept;
}

/** As near as the last row of the source, so that either list could have had it. */
function isTied({ ordering, tolerance }: Pick<NearSourceRow, 'ordering' | 'tolerance'>, nearest: readonly NearSourceRow[]): boolean {
  const last = nearest.at(-1);
  return last !== undefined && ordering <= last.ordering + Math.max(tolerance, last.tolerance);
}

function reasonOfListed(row: ListedRow, isInOrder: boolean, isNear: boolean): NeighbourDifferenceReason | null {
  if (row.inSource === 'missing') return 'missing-in-source';
  if (row.inSource === 'vector-differs') return 'vector-differs';
  if (isInOrder) return null;
  return isNear ? 'order' : 'moved-up';
}

/** `complete`: every place of the target's list is accounted for. */
function reasonOfUnlisted(row: NearSourceRow, last: NearSourceRow, complete: boolean): NeighbourDifferenceReason | null {
  if (row.inTarget === 'missing') return 'missing-in-target';
  if (row.inTarget === 'vector-differs') return 'vector-differs';
  // A row of the target that is as near stands in its place.
  if (complete && row.ordering >= last.ordering - Math.max(row.tolerance, last.tolerance)) return null;
  return row.inTarget === 'unknown' ? 'missing-in-target' : 'order';
}
