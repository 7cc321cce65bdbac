import type { ErrorShape } from '../errors.ts';
import type { Catalog } from '../model/catalog.ts';
import type { ConnectionCheck } from '../model/connection-check.ts';
import type { Verification } from '../model/discrepancy.ts';
import type { OrphanList, Reject, RunResult, RunStatus, Warning } from '../model/run.ts';
import type { DataRange } from '../plan/partitions/planned-partitions.ts';
import type { PlanInput, PlanOptions } from '../plan/plan-schema.ts';
import type { PostgresConnection, TargetCapabilities } from '../target/target.ts';

/** A target as the caller resolved it. `name` is what `--target` takes to name it again, never with a secret. */
export type TargetChoice =
  | { readonly kind: 'embedded'; readonly directory: string; readonly name: string }
  | { readonly kind: 'postgres'; readonly connection: PostgresConnection; readonly name: string };

export interface InspectRequest {
  readonly locations: readonly string[];
  /** Rows to read per table; absent = all. */
  readonly sample?: number;
  readonly signal: AbortSignal;
}

export interface InspectedColumn {
  readonly name: string;
  readonly declared: string;
  readonly inferred: string;
  readonly nullable: boolean;
  readonly evidence: string;
  /** Of a column of vectors: which index serves the search for neighbours, and why. */
  readonly indexAdvice?: string;
}

export interface InspectedTable {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly InspectedColumn[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: Catalog['tables'][number]['foreignKeys'];
  readonly indexes: Catalog['tables'][number]['indexes'];
}

/** `sluice inspect --json`. */
export interface InspectResult {
  readonly stores: readonly {
    readonly kind: string;
    readonly location: string;
    readonly fingerprint: string;
    readonly tables: readonly InspectedTable[];
  }[];
}

export interface PlanRequest {
  /** Absolute paths. */
  readonly locations: readonly string[];
  /** Folder that paths in the plan are relative to. */
  readonly directory: string;
  /** Name of the plan; absent = from the first location. */
  readonly name?: string;
  readonly sample?: number;
  /** embedded | env:NAME; never a URL. */
  readonly targetProfile: string;
  readonly options: Partial<PlanOptions> & { readonly schema?: string };
  readonly signal: AbortSignal;
}

export interface PlanResult {
  readonly plan: PlanInput;
  readonly text: string;
  readonly warnings: readonly Warning[];
}

/** Settings of one run that beat the plan's. */
export interface RunOverrides {
  readonly schema?: string;
  readonly mode?: PlanOptions['mode'];
  readonly onReject?: PlanOptions['onReject'];
  readonly maxRejects?: number | null;
  readonly jobs?: number;
  /** false: nothing is kept of rows that are overwritten in tables that were there; such a run cannot be rolled back. */
  readonly undo?: boolean;
  /** Only these tables, by their name in the source or the target. */
  readonly tables?: readonly string[];
  /** Kept with the run, so that neither a resumed run nor a retry writes what the run was to keep out. */
  readonly redactValues?: boolean;
  /** Found in the source when the run begins, by `schema.table`, and kept with it: the same partitions whenever its plan is compiled. */
  readonly partitions?: Readonly<Record<string, DataRange>>;
  /**
   * With `tables`: tables, types and sequences of the plan that earlier runs had left in the target when the run began, by `schema.name`. Kept with it: its
   * keys refer to them whenever its plan is compiled.
   */
  readonly earlier?: readonly string[];
}

export interface RunRequest {
  readonly input:
    { readonly kind: 'plan'; readonly text: string; readonly path: string } | { readonly kind: 'locations'; readonly plan: PlanRequest };
  readonly target: TargetChoice;
  readonly overrides: RunOverrides;
  readonly createDatabase: boolean;
  readonly resume: boolean;
  /** Run to resume; null = the latest unfinished one with the same plan hash. */
  readonly runId: string | null;
  readonly acceptStale: boolean;
  /** Stop after preflight; nothing is created. */
  readonly dryRun: boolean;
  readonly verify: boolean;
  readonly redactValues: boolean;
  /** Folder for a backup of every source, made first; null = none. */
  readonly backup: string | null;
  /** Every source is read from a private copy, also one that nobody seems to use. */
  readonly privateCopy?: boolean;
  readonly signal: AbortSignal;
}

export interface BackUpRequest {
  /** Absolute paths. */
  readonly location: string;
  readonly directory: string;
  readonly signal: AbortSignal;
}

export interface VerifyRequest {
  /** A run, a plan file, or a store (verified by the plan stored with its last run). */
  readonly input:
    | { readonly kind: 'run'; readonly runId: string }
    | { readonly kind: 'plan'; readonly text: string; readonly path: string }
    | { readonly kind: 'location'; readonly path: string };
  readonly target: TargetChoice;
  readonly schema?: string;
  readonly signal: AbortSignal;
}

export interface VerifyResult extends Verification {
  readonly runId: string | null;
}

export interface RejectsRequest {
  readonly runId: string;
  readonly target: TargetChoice;
  /** Of this table only, `schema.table`. */
  readonly table?: string;
  readonly offset?: number;
  /** Absent = all. */
  readonly limit?: number;
  /** Bytes of an original to read; absent = all. */
  readonly mostBytes?: number;
}

/** `sluice rejects --json`. */
export interface RejectsResult {
  readonly runId: string;
  readonly status: RunStatus;
  /** Rows of each table that are rejected, and that went in later by a retry. */
  readonly tables: readonly RejectedTable[];
  readonly rejects: readonly Reject[];
  /** Rows that are loaded although their parent is missing, as of the end of the run. */
  readonly orphans: readonly OrphanList[];
}

/** A table with rejected rows, and where they come from. */
export interface RejectedTable {
  /** `schema.table` of the target. */
  readonly table: string;
  readonly rejects: number;
  readonly retried: number;
  /** Name of the source in the plan. */
  readonly source: string;
  /** Its table there. */
  readonly from: string;
  /** Of the store, where the run found it; null when the run does not say. */
  readonly location: string | null;
}

export interface RetryRequest extends Pick<RejectsRequest, 'limit' | 'mostBytes'> {
  readonly runId: string;
  readonly target: TargetChoice;
  /** The mended plan; null = the plan that the run has. */
  readonly plan: { readonly text: string; readonly path: string } | null;
  readonly signal: AbortSignal;
}

/** `sluice rejects --retry --json` without `result`. */
export interface RetryResult {
  readonly runId: string;
  readonly status: RunResult['status'];
  /** Rows that went in. */
  readonly retried: number;
  /** Those that stay, with the reason as of now. */
  readonly rejects: readonly Reject[];
  /** Of the whole run, as `sluice run --json` tells it. */
  readonly result: RunResult;
}

export interface RollBackRequest {
  readonly runId: string;
  readonly target: TargetChoice;
  /** Drop schema `sluice` and the extension too when nothing else uses them. */
  readonly purge: boolean;
  readonly signal: AbortSignal;
}

/** `sluice rollback --json`. Entries are "kind schema.name". */
export interface RollBackResult {
  readonly runId: string;
  readonly dropped: readonly string[];
  /** Rows of tables that were there before, put back as they were: overwritten or deleted ones. */
  readonly restoredRows: number;
  /** Rows that the run had added to tables that were there before. */
  readonly deletedRows: number;
  readonly kept: readonly string[];
}

/** For `sluice doctor` and Test Connection; nothing secret. */
export interface TargetExamination {
  /** One of each name, in the order of `connectionCheckNames`; none for an embedded target that cannot be opened. */
  readonly checks: readonly ConnectionCheck[];
  /** null when it cannot be reached. */
  readonly diagnosis: TargetDiagnosis | null;
  /** Of the first check that failed. */
  readonly error: ErrorShape | null;
}

/** For `sluice doctor`; nothing secret. */
export interface TargetDiagnosis {
  readonly name: string;
  readonly label: string;
  /** An embedded target that the first run makes; the rest is told of an empty one. */
  readonly unmade: boolean;
  readonly capabilities: TargetCapabilities;
  readonly serverVersionText: string;
  readonly runs: number;
}
