import type { RowDiscrepancy } from '../model/discrepancy.ts';
import type { VectorMetric } from '../model/neighbours.ts';
import type { ExportFormat, RowsView } from '../model/rows.ts';
import type { MapWish } from '../model/vector-map.ts';
import type { EmbeddingWish } from '../vectors/embedding/backfill-embeddings.ts';
import type { PairTableWish } from '../vectors/fit-pair-table.ts';
import type { HealthWish } from '../vectors/check-health.ts';
import type { ClientSettings } from '../vectors/embedding/embedding-client.ts';
import type { DuplicateSearch } from '../vectors/find-duplicates.ts';
import type { RecallWish } from '../vectors/measure-recall.ts';
import type { NeighbourSearch } from '../vectors/search-neighbours.ts';
import type { VectorColumnName } from '../vectors/vector-column.ts';
import type { TargetChoice, VerifyRequest } from './requests.ts';

/** A table that a panel looks at, on either side. */
export type RowsSubject =
  | { readonly side: 'target'; readonly target: TargetChoice; readonly schema: string; readonly table: string }
  /** `location`: absolute path of a store. */
  | { readonly side: 'source'; readonly location: string; readonly table: string };

export interface RowsPageRequest {
  readonly subject: RowsSubject;
  readonly view: RowsView;
  readonly offset: number;
  /** At most 2,000. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface RowsCountRequest {
  readonly subject: RowsSubject;
  readonly filter: string | null;
  readonly signal: AbortSignal;
}

/** One row, whole: by its place in a view, values up to 1 MB each. */
export interface RowRequest {
  readonly subject: RowsSubject;
  readonly view: RowsView;
  readonly offset: number;
  readonly signal: AbortSignal;
}

/** One whole value as text, for an editor. */
export interface CellRequest {
  readonly subject: RowsSubject;
  readonly view: RowsView;
  readonly offset: number;
  readonly column: string;
  readonly signal: AbortSignal;
}

export interface ExportRowsRequest {
  readonly subject: RowsSubject;
  readonly view: RowsView;
  readonly format: ExportFormat;
  /** Absolute path of the file to write; written beside it first and renamed when whole. */
  readonly path: string;
  readonly signal: AbortSignal;
}

export interface CompareRowsRequest {
  readonly input: VerifyRequest['input'];
  readonly target: TargetChoice;
  readonly schema?: string;
  /** Name in the target (`table` or `schema.table`) or in the source. */
  readonly table: string;
  /** Rows that differ to return; all are counted. Default 2,000. */
  readonly limit?: number;
  /** Return only rows of this state; all are counted. */
  readonly state?: RowDiscrepancy['state'];
  readonly signal: AbortSignal;
}

/** Equal rows behind a fold: those between two keys, of the target; null = open end. Only for one-column keys. */
export interface EqualRowsRequest extends Omit<CompareRowsRequest, 'limit' | 'state'> {
  readonly after: string | null;
  readonly before: string | null;
  readonly limit: number;
}

export interface NeighboursRequest extends NeighbourSearch {
  readonly target: TargetChoice;
}

/** A search, and the plan that its table came by. */
export interface SourceAgreementRequest extends NeighboursRequest {
  readonly input: VerifyRequest['input'];
}

export interface RecallRequest extends RecallWish {
  readonly target: TargetChoice;
}

/** A search that begins with a text, which an endpoint makes a vector of. */
export interface TextSearchRequest extends Omit<NeighboursRequest, 'query'> {
  readonly query: { readonly kind: 'text'; readonly text: string; readonly endpoint: ClientSettings };
}

export interface DuplicatesRequest extends DuplicateSearch {
  readonly target: TargetChoice;
}

export interface VectorMapRequest extends VectorColumnName, MapWish {
  readonly target: TargetChoice;
  /** Stands in the events about its progress. */
  readonly request: string;
  readonly signal: AbortSignal;
}

/** How pairs would be written to a table; nothing is searched. */
export interface PairTableRequest extends Pick<DuplicateSearch, 'schema' | 'table' | 'column'> {
  readonly target: TargetChoice;
  readonly into: PairTableWish;
}

export interface VectorHealthRequest extends HealthWish {
  readonly target: TargetChoice;
}

/** The index that a vector column of the target should have. */
export interface IndexAdviceRequest extends HealthWish {
  readonly target: TargetChoice;
  /** How neighbours will be searched; null = it follows from the norms. */
  readonly metric: VectorMetric | null;
}

/** How an endpoint for embeddings is reached. */
export interface EmbeddingAccess {
  /** As `parseEndpoint` takes it. */
  readonly address: string;
  readonly model: string;
  /** Sent as a bearer token; null = none. A secret: masked in logs by this name. */
  readonly apiKey: string | null;
}

export interface EmbedTextRequest {
  readonly endpoint: EmbeddingAccess;
  readonly text: string;
  readonly signal: AbortSignal;
}

export interface TextEmbedding {
  /** As many components as `dimensions`. */
  readonly vector: Float32Array;
  readonly dimensions: number;
}

/** A vector column, and the columns of texts that its embeddings are computed from. */
export interface MissingEmbeddingsRequest extends Pick<EmbeddingWish, 'schema' | 'table' | 'column' | 'from'> {
  readonly target: TargetChoice;
}

export interface EmbedColumnRequest extends MissingEmbeddingsRequest, Pick<EmbeddingWish, 'dimensions' | 'signal'> {
  readonly endpoint: EmbeddingAccess;
}

/** Embeddings that a table of a plan lacks. */
export interface EmbedRequest extends Omit<EmbeddingWish, 'schema' | 'table' | 'column' | 'from' | 'model' | 'dimensions'> {
  readonly input: { readonly text: string; readonly path: string };
  readonly target: TargetChoice;
  /** Beats that of the plan. */
  readonly schema?: string;
  /** Name in the target (`table` or `schema.table`) or in the source. */
  readonly table: string;
  /** Absent = as `embed` of the table in the plan says. */
  readonly column?: string;
  readonly from?: readonly string[];
  readonly model?: string;
}

export interface DiffRequest {
  readonly input: { readonly text: string; readonly path: string };
  readonly target: TargetChoice;
  readonly schema?: string;
  readonly signal: AbortSignal;
}

/** The plan as one SQL script: pre-data, a comment per table where its data goes in, post-data; hazards as comments. Needs no connection. */
export interface PreviewSqlRequest {
  readonly input: { readonly text: string; readonly path: string };
  readonly schema?: string;
  /** Only these tables. */
  readonly tables?: readonly string[];
}
