import type { ReportedHealth } from './vector-health.ts';

export type VerificationStatus = 'match' | 'mismatch' | 'skipped';

/** One cell that differs. Values are text for people; `rule` names what made them different. */
export interface CellDifference {
  readonly name: string;
  readonly source: string | null;
  readonly target: string | null;
  readonly rule: string;
}

export interface RowDiscrepancy {
  /** Key values as text in key order; for key-less tables the row hash in hex. */
  readonly key: readonly string[];
  readonly state: 'different' | 'missing' | 'extra';
  readonly columns: readonly CellDifference[];
  readonly provenance: string | null;
}

/** An aggregate computed by each engine's own SQL, so that a converter's own bug shows. */
export interface AggregateCheck {
  readonly column: string;
  readonly aggregate: 'nulls' | 'distinct' | 'min' | 'max' | 'sum' | 'length';
  readonly source: string | null;
  readonly target: string | null;
  readonly equal: boolean;
}

export interface ConstraintCheck {
  readonly kind: 'foreign-key' | 'sequence' | 'not-null' | 'primary-key' | 'unique' | 'vector';
  readonly name: string;
  /** ok; warning for orphans and unenforced keys (not a mismatch); mismatch for what should hold and does not. */
  readonly status: 'ok' | 'warning' | 'mismatch';
  readonly message: string;
}

export interface TableVerification {
  readonly table: string;
  /** Only rows that the run read were compared: those from its watermark on. Absent = all rows. */
  readonly scope?: 'rows-read';
  readonly sourceRows: number;
  readonly targetRows: number;
  readonly missing: number;
  readonly extra: number;
  readonly different: number;
  /** Rows that differ, by column. */
  readonly differentByColumn: Readonly<Record<string, number>>;
  /** First N discrepancies. */
  readonly discrepancies: readonly RowDiscrepancy[];
  readonly aggregates: readonly AggregateCheck[];
  /** null = computed; else why there are no independent aggregates. */
  readonly notIndependentlyChecked: string | null;
  readonly constraints: readonly ConstraintCheck[];
  /** One for each vector column; absent when the table has none, and in reports of older runs. */
  readonly vectors?: readonly ReportedHealth[];
}

/** A row, counted from 1, that the two queries of a parity check do not both give; null = there is none at that place. */
export interface ParityDifference {
  readonly row: number;
  readonly source: readonly (string | null)[] | null;
  readonly target: readonly (string | null)[] | null;
}

/** The user's own pair of queries, run on both sides. */
export interface ParityCheck {
  readonly name: string;
  /** failed: a query was refused, so nothing is known; skipped: only some tables of the plan were run. */
  readonly status: 'match' | 'mismatch' | 'failed' | 'skipped';
  readonly sourceRows: number | null;
  readonly targetRows: number | null;
  readonly sourceSeconds: number | null;
  readonly targetSeconds: number | null;
  /** First N; none when values are redacted. */
  readonly differences: readonly ParityDifference[];
  /** Why it failed or was skipped. */
  readonly message: string | null;
}

export interface Verification {
  readonly status: VerificationStatus;
  readonly tables: readonly TableVerification[];
  /** In the order of the plan; absent when it has none. */
  readonly parity?: readonly ParityCheck[];
}
