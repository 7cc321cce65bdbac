import type { NeighbourQuery, NeighboursResult, VectorIndex, VectorMetric } from '../core/model/neighbours.ts';
import type { RowsColumn } from '../core/model/rows.ts';
import type { CommonPanelMethods } from './panel-protocol.ts';
import type { NeighboursPanelSubject } from './panel-subjects.ts';

export interface NeighboursPanelInit {
  readonly subject: NeighboursPanelSubject;
  readonly dimensions: number;
  readonly columns: readonly RowsColumn[];
  readonly indexes: readonly VectorIndex[];
}

export interface NeighboursSearch {
  readonly query: NeighbourQuery;
  readonly k: number;
  readonly metric: VectorMetric | null;
  readonly filter: string | null;
  readonly effort: number | null;
}

export interface NeighboursPanelMethods extends CommonPanelMethods {
  ready: { params: Record<string, never>; result: NeighboursPanelInit };
  /** The first row with a vector when the panel was opened without one; null in an empty table. */
  firstKey: { params: Record<string, never>; result: readonly string[] | null };
  search: { params: NeighboursSearch; result: NeighboursResult };
  openRow: { params: { readonly key: readonly string[] }; result: null };
}

/** Kept by the page with setState. */
export interface NeighboursPanelState {
  readonly subject: NeighboursPanelSubject;
  readonly search: NeighboursSearch | null;
  /** Rows walked through, for going back. */
  readonly trail: readonly (readonly string[])[];
}
