import type {
  BackUpRequest,
  CellRequest,
  CompareRowsRequest,
  DiffRequest,
  DuplicatesRequest,
  DuplicatesResult,
  EmbedColumnRequest,
  EmbeddingResult,
  EmbedTextRequest,
  EngineEvent,
  EqualRowsRequest,
  ExportRowsRequest,
  InspectRequest,
  InspectResult,
  MissingEmbeddingsRequest,
  NeighboursRequest,
  PairTableRequest,
  PlanRequest,
  PlanResult,
  PreviewSqlRequest,
  RecallCurve,
  RecallRequest,
  RejectsRequest,
  RejectsResult,
  RetryRequest,
  RetryResult,
  RollBackRequest,
  RollBackResult,
  RowRequest,
  RowsCountRequest,
  RowsPageRequest,
  RowsSubject,
  RunReport,
  RunRequest,
  RunResult,
  RunSummary,
  SourceAgreement,
  SourceAgreementRequest,
  TargetChoice,
  TargetExamination,
  TextEmbedding,
  VectorHealth,
  VectorHealthRequest,
  VectorMapRequest,
  VerifyRequest,
  VerifyResult,
} from '../core/index.ts';
import type { NeighboursResult, VectorColumnSummary } from '../core/model/neighbours.ts';
import type { RowComparison } from '../core/model/row-comparison.ts';
import type { Cell, RowsPage, RowsTable } from '../core/model/rows.ts';
import type { BackupNote } from '../core/model/run.ts';
import type { PairTablePreview } from '../core/model/duplicates.ts';
import type { MissingEmbeddings } from '../core/model/embedding.ts';
import type { SchemaDiffResult } from '../core/model/schema-diff.ts';
import type { RecognisedStore, StoreSummary } from '../core/model/store-summary.ts';
import type { TargetTableDetails, TargetTree } from '../core/model/target-tree.ts';
import type { VectorMap } from '../core/model/vector-map.ts';

/** What crosses the border has no AbortSignal: a cancellation is a message of vscode-jsonrpc. */
type Sent<T> = T extends unknown ? Omit<T, 'signal'> : never;

/** A run of locations holds the request for their plan, which has a signal of its own. */
type SentRun = Omit<RunRequest, 'signal' | 'input'> & {
  readonly input: Extract<RunRequest['input'], { kind: 'plan' }> | { readonly kind: 'locations'; readonly plan: Sent<PlanRequest> };
};

/** Requests from the extension host to an engine process. Errors travel as ErrorShape in the `data` of a ResponseError. */
export interface EngineRequests {
  // Stores
  recognise: { params: { readonly paths: readonly string[] }; result: readonly RecognisedStore[] };
  openStore: { params: { readonly location: string }; result: StoreSummary };
  inspect: { params: Sent<InspectRequest>; result: InspectResult };
  backUp: { params: Sent<BackUpRequest>; result: BackupNote };
  // Targets
  diagnose: { params: { readonly target: TargetChoice }; result: TargetExamination };
  createDatabase: { params: { readonly target: Extract<TargetChoice, { kind: 'postgres' }> }; result: 'created' | 'there' };
  targetTree: { params: { readonly target: TargetChoice }; result: TargetTree };
  targetTable: { params: { readonly target: TargetChoice; readonly schema: string; readonly table: string }; result: TargetTableDetails };
  // Plans
  plan: { params: Sent<PlanRequest>; result: PlanResult };
  diff: { params: Sent<DiffRequest>; result: SchemaDiffResult };
  previewSql: { params: PreviewSqlRequest; result: string };
  // Rows
  rowsTable: { params: { readonly subject: RowsSubject }; result: RowsTable };
  rowsPage: { params: Sent<RowsPageRequest>; result: RowsPage };
  rowsCount: { params: Sent<RowsCountRequest>; result: number };
  row: { params: Sent<RowRequest>; result: readonly Cell[] };
  cell: { params: Sent<CellRequest>; result: string | null };
  exportRows: { params: Sent<ExportRowsRequest>; result: { readonly rows: number } };
  compareRows: { params: Sent<CompareRowsRequest>; result: RowComparison };
  equalRows: { params: Sent<EqualRowsRequest>; result: readonly (readonly Cell[])[] };
  // Vectors
  duplicates: { params: Sent<DuplicatesRequest>; result: DuplicatesResult };
  embedColumn: { params: Sent<EmbedColumnRequest>; result: EmbeddingResult };
  embedText: { params: Sent<EmbedTextRequest>; result: TextEmbedding };
  missingEmbeddings: { params: MissingEmbeddingsRequest; result: MissingEmbeddings };
  pairTable: { params: PairTableRequest; result: PairTablePreview };
  vectorColumn: {
    params: { readonly target: TargetChoice; readonly schema: string; readonly table: string; readonly column: string };
    result: VectorColumnSummary;
  };
  vectorHealth: { params: Sent<VectorHealthRequest>; result: VectorHealth };
  neighbours: { params: Sent<NeighboursRequest>; result: NeighboursResult };
  sampleRecall: { params: Sent<RecallRequest>; result: RecallCurve };
  sourceNeighbours: { params: Sent<SourceAgreementRequest>; result: SourceAgreement };
  /** Tells its progress as events of the type `map`. */
  vectorMap: { params: Sent<VectorMapRequest>; result: VectorMap };
  // Runs
  run: { params: SentRun; result: RunResult };
  verify: { params: Sent<VerifyRequest>; result: VerifyResult };
  rejects: { params: RejectsRequest; result: RejectsResult };
  retryRejects: { params: Sent<RetryRequest>; result: RetryResult };
  rollBack: { params: Sent<RollBackRequest>; result: RollBackResult };
  runs: { params: { readonly target: TargetChoice }; result: readonly RunSummary[] };
  report: { params: { readonly target: TargetChoice; readonly runId: string }; result: RunReport };
  renderReport: {
    params: { readonly target: TargetChoice; readonly runId: string; readonly format: 'md' | 'html' | 'json' };
    result: string;
  };
}

export type EngineMethod = keyof EngineRequests;

/** Sent once by the host before anything else. */
export interface EngineSettings {
  /** Variables that core may read (PG*, HOME, …); the engine process itself reads none. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly engineVersion: string;
}

/** Notifications from an engine to the host. */
export interface EngineNotifications {
  event: EngineEvent;
  log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string };
}

/**
 * Requests from an engine to the host, which owns the embedded processes: one link per directory and client. `client` is chosen by the engine; when
 * an engine ends, its clients vanish (transactions are rolled back, copies dropped). `method` and `params` are those of EmbeddedRequests.
 */
export interface BrokerRequests {
  'embedded/open': { params: { readonly directory: string; readonly client: string }; result: null };
  'embedded/request': { params: { readonly client: string; readonly method: string; readonly params: unknown }; result: unknown };
  'embedded/kill': { params: { readonly client: string }; result: null };
  'embedded/close': { params: { readonly client: string }; result: null };
}
