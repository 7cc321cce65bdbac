import type { Verification } from './discrepancy.ts';
import type { WritingMode } from './existing-table.ts';
import type { LossNote } from './loss-note.ts';
import type { PreflightReport } from './preflight.ts';

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
  /** What the run did to a table that was there before it; absent = the run made the table. */
  readonly existing?: ExistingOutcome;
  /** Mode sync, of a table with a watermark. */
  readonly watermark?: WatermarkOutcome;
  /** Of a table that the run made as a partitioned one, in the order of their bounds, the default one last. */
  readonly partitions?: readonly PartitionRows[];
}

/** Values as people write them: numbers, and times in ISO 8601. */
export interface WatermarkOutcome {
  /** In the target. */
  readonly column: string;
  /** The lowest value that was read, beside rows without one; null = all rows were read. */
  readonly since: string | null;
  /** The lowest value that the next run reads; null = it reads all rows. */
  readonly reached: string | null;
}

export interface PartitionRows {
  readonly name: string;
  readonly rows: number;
  /** It takes what no other takes. */
  readonly isDefault: boolean;
}

/** null = not known, since the run kept nothing of the rows that were there (--no-undo). */
export interface ExistingOutcome {
  readonly mode: WritingMode;
  readonly inserted: number | null;
  /** Rows that were there and have the run's values now. */
  readonly updated: number | null;
  /** Rows that mode replace deleted, or mode sync with `deletions: "apply"`. */
  readonly deleted: number | null;
  /** Rows of the table that are not the run's. */
  readonly leftAlone: number;
  /** Mode sync: rows of the source that the table has as they are, and that were not written therefore. */
  readonly unchanged?: number;
  /** Mode sync: rows of the table that earlier runs wrote and that the source does not have any more. */
  readonly gone?: number;
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
  /** By table and key; absent in what an older version kept. */
  readonly orphans?: readonly OrphanList[];
  readonly losses: readonly LossNote[];
  /** null when the run was resumed: it was checked when it began. */
  readonly preflight: PreflightReport | null;
  /** Copies of the sources that were made first. */
  readonly backups: readonly BackupNote[];
}

/** A source that was backed up before the run. */
export interface BackupNote {
  /** Name in the plan. */
  readonly source: string;
  /** A file, with what belongs to it beside it, or a folder. */
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal digits, as `sha256sum` prints them; of several files the hash of all bytes, one file after the other. */
  readonly sha256: string;
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

/** Rows that are loaded and refer to no row by one foreign key, which is not proved therefore. */
export interface OrphanList {
  /** `schema.table` of the target. */
  readonly table: string;
  /** Name of the foreign key. */
  readonly constraint: string;
  readonly columns: readonly string[];
  /** `schema.table`. */
  readonly references: string;
  readonly referencesColumns: readonly string[];
  /** All of them. */
  readonly total: number;
  /** The first of them. */
  readonly rows: readonly Orphan[];
}

export interface Orphan {
  /** As PostgreSQL prints it; empty in a table without a key, null when values are redacted. */
  readonly key: readonly string[] | null;
  /** Of the foreign key's columns; null when values are redacted. */
  readonly values: readonly string[] | null;
  /** null for a row that the source does not have. */
  readonly provenance: string | null;
}

export interface Reject {
  /** `schema.table` of the target. */
  readonly table: string;
  readonly provenance: string;
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
  /** As the source has it: text, or `\x` and hexadecimal digits of bytes that are none; the whole row in words where `column` is null. */
  readonly value: string | null;
  /** Length of the original in bytes when `value` is only its beginning. */
  readonly valueBytes?: number;
}
