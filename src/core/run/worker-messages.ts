import type { StoreLocation } from '../model/store-location.ts';
import type { MessagePort } from 'node:worker_threads';
import type { ErrorShape } from '../errors.ts';
import type { Catalog } from '../model/catalog.ts';
import type { TableProfile } from '../model/column-profile.ts';
import type { ParityCheck, RowDiscrepancy, TableVerification } from '../model/discrepancy.ts';
import type { KeyRange } from '../model/row-batch.ts';
import type { OrphanList } from '../model/run.ts';
import type { RowsView } from '../model/rows.ts';
import type { ColumnConversion } from '../model/type-mapping.ts';
import type { MapStage } from '../model/vector-map.ts';
import type { UniqueRule } from '../model/statement.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { ExportFile } from '../rows/write-export.ts';
import type {
  FileProgress,
  FreezeOptions,
  RecordProgress,
  SourcePage,
  SourcePageRequest,
  SourceBackup,
  SourceSnapshot,
} from '../sources/source.ts';
import type { Checkpoint, Fence } from '../state/checkpoint-store.ts';
import type { OpenReject } from '../state/reject-store.ts';
import type { TargetAddress } from '../target/target.ts';
import type { ConversionCheck } from '../load/check-conversions.ts';
import type { IndexKey, IndexKeyExcess } from '../load/measure-index-key.ts';
import type { OrphanSearch } from '../load/list-orphans.ts';
import type { RejectPolicy } from '../load/load-range.ts';
import type { RetryOutcome } from '../load/retry-rows.ts';
import type { SettledRows } from '../load/settle-circle.ts';
import type { FoundChanges } from '../load/sync/find-changes.ts';
import type { RowRecording } from '../load/sync/record-rows.ts';
import type { WatermarkSearch, WatermarkSurvey } from '../load/survey-watermark.ts';
import type { PartitionRule, PartitionSurvey } from '../load/survey-partition-column.ts';
import type { TupleLimits } from '../load/tuple-meter.ts';
import type { WholeRowDifferences } from '../verify/compare-whole-rows.ts';
import type { Layout } from '../vectors/map/layout-cache.ts';
import type { VectorLayout } from '../vectors/map/lay-out-vectors.ts';
import type { ParityPair } from '../verify/check-parity.ts';
import type { SourceSearchResult } from '../vectors/compare-lists.ts';
import type { PlanAdoption } from './adopt-plan.ts';
import type { SourceProbe } from './source-neighbours/search-source.ts';

/** What a worker thread can be asked: parameters and result of each task. All of it is cloneable. */
export interface WorkerTasks {
  freeze: { params: Omit<FreezeOptions, 'signal' | 'onFiles' | 'onRecords'> & { location: StoreLocation }; result: SourceSnapshot };
  checkUnchanged: { params: { snapshot: SourceSnapshot }; result: null };
  backUp: { params: { snapshot: SourceSnapshot; path: string }; result: SourceBackup };
  introspect: { params: { snapshot: SourceSnapshot }; result: Catalog };
  profile: { params: { snapshot: SourceSnapshot; table: string; sample: number | null }; result: TableProfile };
  /** Which tables are read together; only of a source with groups. */
  group: { params: { snapshot: SourceSnapshot; tables: readonly string[] }; result: readonly (readonly string[])[] };
  /** `tables`: read together. */
  split: { params: { snapshot: SourceSnapshot; tables: readonly string[]; parts: number }; result: readonly KeyRange[] };
  check: { params: { snapshot: SourceSnapshot; table: CompiledTable; limits: TupleLimits; isFirst: boolean }; result: ConversionCheck };
  surveyPartitions: {
    params: { snapshot: SourceSnapshot; table: CompiledTable; column: ColumnConversion; rule: PartitionRule };
    result: PartitionSurvey;
  };
  surveyWatermark: { params: Pick<WatermarkSearch, 'table' | 'since'> & { snapshot: SourceSnapshot }; result: WatermarkSurvey };
  measureKey: { params: { snapshot: SourceSnapshot; table: string; key: IndexKey }; result: IndexKeyExcess | null };
  findChanges: { params: ChangeParams; result: FoundChanges };
  load: { params: LoadParams; result: readonly Checkpoint[] };
  settleCircle: { params: SettleParams; result: readonly SettledRows[] };
  retryRows: { params: RetryParams; result: RetryOutcome };
  adoptPlan: { params: AdoptParams; result: null };
  /** Number of rows taken out. */
  moveOutDuplicates: { params: DuplicatesParams; result: number };
  /** Number of rows taken out. */
  moveOutOrphans: { params: OrphansParams; result: number };
  recordRows: { params: RecordParams; result: null };
  listOrphans: { params: OrphanListParams; result: OrphanList | null };
  sumSource: { params: SumSourceParams; result: readonly SideSums[] };
  sumTarget: { params: { address: TargetAddress; table: CompiledTable }; result: SideSums };
  compare: { params: CompareParams; result: TableVerification };
  compareRows: { params: CompareParams & { state?: RowDiscrepancy['state'] }; result: WholeRowDifferences };
  /** The nearest rows of the source, and what the target has of them. */
  searchSource: {
    params: { snapshot: SourceSnapshot; address: TargetAddress; table: CompiledTable; excluded: readonly string[]; probe: SourceProbe };
    result: SourceSearchResult;
  };
  parity: { params: { snapshot: SourceSnapshot; address: TargetAddress; pair: ParityPair; limit: number }; result: ParityCheck };
  /** A vector map's layout. */
  layOutVectors: { params: VectorLayout; result: Layout };
  // Looking at a store: each opens it and closes it again.
  readCatalog: { params: { snapshot: SourceSnapshot }; result: Catalog };
  readPage: { params: { snapshot: SourceSnapshot; table: string; request: SourcePageRequest }; result: SourcePage };
  countRows: { params: { snapshot: SourceSnapshot; table: string; filter: string | null }; result: number };
  exportRows: {
    params: { snapshot: SourceSnapshot; table: string; view: RowsView; columns: readonly string[]; file: ExportFile };
    result: number;
  };
}

interface TableParams {
  readonly snapshot: SourceSnapshot;
  readonly address: TargetAddress;
  readonly table: CompiledTable;
  readonly fence: Fence;
}

/** Tables that are read together, and where each of them stands. */
export interface LoadParams extends Omit<TableParams, 'table'> {
  readonly tables: readonly CompiledTable[];
  readonly checkpoints: readonly Checkpoint[];
  readonly policy: RejectPolicy;
  /** Mode sync: provenance of rows whose key a row before them has, for each table. */
  readonly duplicates: readonly (readonly string[])[];
}

export interface ChangeParams extends TableParams {
  readonly checkpoint: Checkpoint;
  /** No other table is read together with it. */
  readonly isAlone: boolean;
}

/** Tables that are read together; `excluded` is parallel to them. */
export interface SumSourceParams {
  readonly snapshot: SourceSnapshot;
  readonly tables: readonly CompiledTable[];
  readonly excluded: readonly (readonly string[])[];
}

export interface SettleParams extends Pick<LoadParams, 'address' | 'fence' | 'policy'> {
  readonly tables: readonly CompiledTable[];
}

export interface RetryParams extends TableParams {
  readonly redactValues: boolean;
  readonly rejects: readonly OpenReject[];
  /** Places of documents that are still set aside. */
  readonly aside: readonly string[];
}

export interface AdoptParams extends Omit<PlanAdoption, 'target' | 'sourceOf' | 'signal'> {
  readonly address: TargetAddress;
  /** By the name of the source in the plan. */
  readonly snapshots: ReadonlyMap<string, SourceSnapshot>;
}

export interface DuplicatesParams extends TableParams, Pick<LoadParams, 'policy'> {
  readonly rule: UniqueRule;
  readonly excluded: readonly string[];
  /** Tables of what is in the documents of the table. */
  readonly within: readonly { readonly table: CompiledTable; readonly excluded: readonly string[] }[];
}

export interface RecordParams extends TableParams, Pick<RowRecording, 'synced'> {
  readonly excluded: readonly string[];
}

export interface OrphansParams extends Pick<LoadParams, 'address' | 'fence' | 'policy'>, Pick<AdoptParams, 'snapshots'> {
  readonly tables: readonly CompiledTable[];
}

export interface OrphanListParams
  extends Pick<TableParams, 'snapshot' | 'address' | 'table'>, Pick<OrphanSearch, 'key' | 'limit' | 'redactValues'> {
  readonly excluded: readonly string[];
}

/** One side of pass 1: BucketSums as bytes. */
export interface SideSums {
  readonly sums: Uint8Array;
  readonly rows: number;
  readonly rejected: number;
}

export interface CompareParams {
  readonly snapshot: SourceSnapshot;
  readonly address: TargetAddress;
  readonly table: CompiledTable;
  readonly source: SideSums;
  readonly target: SideSums;
  readonly excluded: readonly string[];
  /** Discrepancies to show. */
  readonly limit: number;
}

export type TaskName = keyof WorkerTasks;

/** To the worker. */
export type ToWorker =
  | { readonly type: 'start'; readonly id: number; readonly task: TaskName; readonly params: unknown }
  | { readonly type: 'abort'; readonly id: number }
  /** A way to the embedded process that the main thread owns. */
  | { readonly type: 'embedded-port'; readonly directory: string; readonly port: MessagePort };

/** Rows and bytes since the last message of this task. */
export interface TaskProgress {
  /** Label of the table, where a task has several. */
  readonly table?: string;
  readonly rows: number;
  readonly bytes: number;
  readonly rejected: number;
  /** Of a store that is being frozen. */
  readonly files?: FileProgress;
  readonly records?: RecordProgress;
  /** Of a layout. */
  readonly map?: { readonly stage: MapStage; readonly done: number; readonly total: number };
}

/** From the worker. */
export type FromWorker =
  | { readonly type: 'progress'; readonly id: number; readonly progress: TaskProgress }
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorShape };
