import type { NeighbourQuery, NeighboursResult, VectorIndex, VectorMetric } from '../core/model/neighbours.ts';
import type { RecallCurve } from '../core/model/recall-curve.ts';
import type { RowsColumn } from '../core/model/rows.ts';
import type { SourceAgreement } from '../core/model/source-agreement.ts';
import type { CommonPanelMethods } from './panel-protocol.ts';
import type { NeighboursPanelSubject } from './panel-subjects.ts';

/** Where texts of this panel go to become vectors. */
export interface NeighboursPanelEmbedding {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly model: string;
  /** Nothing encrypts what goes to another machine. */
  readonly exposed: boolean;
}

export interface NeighboursPanelInit {
  readonly subject: NeighboursPanelSubject;
  readonly dimensions: number;
  readonly columns: readonly RowsColumn[];
  readonly indexes: readonly VectorIndex[];
  /** null = no endpoint is set. */
  readonly embedding: NeighboursPanelEmbedding | null;
}

/** A text is sent to the embedding endpoint, once as long as it stays. */
export type NeighboursPanelQuery = NeighbourQuery | { readonly kind: 'text'; readonly text: string };

export interface NeighboursSearch {
  readonly query: NeighboursPanelQuery;
  readonly k: number;
  readonly metric: VectorMetric | null;
  readonly filter: string | null;
  readonly effort: number | null;
  /** Candidates for each neighbour of an index on an expression; null = as its form needs. */
  readonly oversampling: number | null;
}

/** Event `progress`, while recall is measured or the source is asked. */
export interface NeighboursPanelProgress {
  readonly task: 'recall' | 'source';
  readonly done: number;
  /** null = not known. */
  readonly of: number | null;
}

export interface SourceAnswer {
  /** Name of the plan. */
  readonly plan: string;
  readonly agreement: SourceAgreement;
}

export interface NeighboursPanelMethods extends CommonPanelMethods {
  ready: { params: Record<string, never>; result: NeighboursPanelInit };
  /** The first row with a vector when the panel was opened without one; null in an empty table. */
  firstKey: { params: Record<string, never>; result: readonly string[] | null };
  search: { params: NeighboursSearch; result: NeighboursResult };
  /** Recall at several settings over sampled rows; progress comes as events. */
  measureRecall: { params: Pick<NeighboursSearch, 'k' | 'metric' | 'filter'>; result: RecallCurve };
  /** The same search in the source, through the open plan; null = no open plan has this table. */
  askSource: { params: NeighboursSearch; result: SourceAnswer | null };
  /** Asks the user for an endpoint; the event `embedding` (NeighboursPanelEmbedding or null) tells what is set from then on. */
  setEmbeddingEndpoint: { params: Record<string, never>; result: null };
  openRow: { params: { readonly key: readonly string[] }; result: null };
}

/** Kept by the page with setState. */
export interface NeighboursPanelState {
  readonly subject: NeighboursPanelSubject;
  readonly search: NeighboursSearch | null;
  /** Rows walked through, for going back. */
  readonly trail: readonly (readonly string[])[];
}
