/** What became of the row that was searched from. */
export type QueryAgreement = 'same' | 'vector-differs' | 'missing-in-source';

/**
 * Why a row stands in one list and not in the other, or elsewhere. `vector-differs`: both sides have the row, with other numbers in it. `moved-up`: both sides
 * have it alike, and it is in the target's list only because a nearer one is not. `order`: alike on both sides, and not where its distance belongs.
 */
export type NeighbourDifferenceReason = 'missing-in-target' | 'missing-in-source' | 'vector-differs' | 'moved-up' | 'order';

export interface SourceNeighbour {
  /** As in `Neighbour` where the target's list has the row; else the key that the plan gives it, empty in a table without one. */
  readonly key: readonly string[];
  /** In double precision, as `Neighbour` has it. */
  readonly distance: number;
  readonly similarity: number;
  /** Where the source has the row: "rowid 17". */
  readonly provenance: string;
  /** From 1, in the target's exact list; null when it is not there. */
  readonly targetRank: number | null;
}

export interface NeighbourDifference {
  readonly reason: NeighbourDifferenceReason;
  readonly key: readonly string[];
  /** From 1; null = not in that list. */
  readonly sourceRank: number | null;
  readonly targetRank: number | null;
  /** null where that side has no such row, or nobody asked it. */
  readonly sourceDistance: number | null;
  readonly targetDistance: number | null;
  readonly provenance: string | null;
}

/** The same query on both sides: in the source by comparing with every row in double precision, in the target its exact list. */
export interface SourceAgreement {
  /** Every place has the same row on both sides, or one that is as near, with the same vector. */
  readonly agrees: boolean;
  /** Places that were compared: those of the longer list. */
  readonly places: number;
  /** Rows that are in both lists in the same order; rows that are equally near may change places. */
  readonly sameOrder: number;
  /** What became of the row that was searched from; null for a vector. */
  readonly query: QueryAgreement | null;
  /** Of the store, and its table. */
  readonly location: string;
  readonly table: string;
  /** Rows of the source that the query was compared with. */
  readonly rows: number;
  /** Rows of the source that the target does not have by design, because they were rejected. */
  readonly rejected: number;
  readonly seconds: number;
  /** Of the source, nearest first. */
  readonly neighbours: readonly SourceNeighbour[];
  readonly differences: readonly NeighbourDifference[];
}
