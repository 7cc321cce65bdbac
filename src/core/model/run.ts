import type { Verification } from './discrepancy.ts';

export type RunStatus = 'running' | 'done' | 'partial' | 'failed' | 'cancelled' | 'rolled-back';

export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly table?: string;
}

export interface TableOutcome {
  readonly source: string;
  readonly from: string;
  /** `schema.table`. */
  readonly to: string;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly rowsRejected: number;
  /** Bytes sent to the server by COPY. */
  readonly bytes: number;
  readonly seconds: number;
}

/** A change of values that was accepted or counted, per column. */
export interface LossNote {
  readonly table: string;
  readonly column: string;
  readonly loss: string;
  /** null only in reports of older versions. */
  readonly values: number | null;
  readonly message: string;
}

export interface RunSeconds {
  readonly plan: number;
  readonly preData: number;
  readonly data: number;
  readonly postData: number;
  readonly verify: number;
  readonly total: number;
}

/** `sluice run --json`; keys are a contract with scripts. */
export interface RunResult {
  /** null after a dry run. */
  readonly runId: string | null;
  readonly status: RunStatus | 'dry-run';
  readonly sources: Readonly<Record<string, string>>;
  readonly target: { readonly schema: string };
  readonly seconds: RunSeconds;
  readonly peakRssMb: number;
  readonly tables: readonly TableOutcome[];
  readonly rejects: number;
  readonly verification: Verification;
  readonly warnings: readonly Warning[];
  readonly losses: readonly LossNote[];
}

/** One row of `sluice runs --json`. */
export interface RunSummary {
  readonly runId: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly planHash: string;
  readonly engineVersion: string;
  readonly rowsWritten: number;
  readonly rejects: number;
  readonly verification: string | null;
}

export interface Reject {
  /** `schema.table` of the target. */
  readonly table: string;
  readonly provenance: string;
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
  readonly value: string | null;
}
