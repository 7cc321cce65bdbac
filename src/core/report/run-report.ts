import type { ErrorShape } from '../errors.ts';
import type { Verification } from '../model/discrepancy.ts';
import type { LossNote } from '../model/loss-note.ts';
import type { PreflightReport } from '../model/preflight.ts';
import type { BackupNote, OrphanList, Reject, RunSeconds, RunStatus, TableOutcome, Warning } from '../model/run.ts';
import type { CreatedObject, Section } from '../model/statement.ts';
import type { Plan } from '../plan/plan-schema.ts';

/** Everything a report shows of one run, from plan to proof. Plain data: the JSON report is this value. Never holds a secret. */
export interface RunReport {
  readonly runId: string;
  readonly name: string;
  readonly status: RunStatus;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly engineVersion: string;
  readonly planHash: string;
  /** The plan as it ran, defaults filled in. */
  readonly plan: Plan;
  readonly sources: readonly ReportedSource[];
  readonly target: ReportedTarget;
  /** null when the run never came to an end. */
  readonly seconds: RunSeconds | null;
  readonly peakRssMb: number | null;
  readonly tables: readonly TableOutcome[];
  readonly rejects: ReportedRejects;
  readonly verification: Verification;
  readonly warnings: readonly Warning[];
  readonly losses: readonly LossNote[];
  /** Rows that are loaded although their parent is missing. */
  readonly orphans: readonly OrphanList[];
  /** What was found before anything was created; null when the run never came to an end, or was resumed. */
  readonly preflight: PreflightReport | null;
  readonly backups: readonly BackupNote[];
  /** In the order they were made; the report counts them by kind. */
  readonly createdObjects: readonly CreatedObject[];
  /** Every statement that ran, in order. */
  readonly statements: readonly { readonly section: Section; readonly sql: string }[];
  /** What ended the run, null when it came to its end. */
  readonly error: ErrorShape | null;
}

export interface ReportedSource {
  readonly name: string;
  readonly kind: string;
  readonly location: string;
  readonly fingerprint: string;
}

export interface ReportedTarget {
  /** What `--target` takes to name it again. */
  readonly name: string;
  readonly label: string;
  readonly schema: string;
  readonly serverVersion: string;
  readonly vectorVersion: string | null;
}

export interface ReportedRejects {
  readonly total: number;
  /** The first of them, in the order of tables; values are absent when the run redacted them. */
  readonly shown: readonly Reject[];
}
