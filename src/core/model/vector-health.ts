export type HealthCheckName = 'dimensions' | 'finite' | 'zero' | 'norms' | 'duplicates' | 'constant-dimensions' | 'missing';

export interface HealthCheck {
  readonly check: HealthCheckName;
  /** problem: vectors that cannot be used as they are; warning: they can, and probably are not meant so; skipped: it cannot be told. */
  readonly state: 'ok' | 'warning' | 'problem' | 'skipped';
  /** Rows, or dimensions for `constant-dimensions`; of `norms` the rows whose norm is not 1. */
  readonly count: number;
  /** One sentence. */
  readonly message: string;
  /** What can be done about it, in one sentence; null when nothing is wrong. */
  readonly remedy: string | null;
  /** Keys of some of these rows, each as text in key order; of `duplicates` two rows of each of the largest groups, one behind the other. */
  readonly examples: readonly (readonly string[])[];
}

/** Vectors with a norm of at least `from` and less than `to`; the last bin holds its end too. */
export interface NormBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** The health of a column that a run wrote, as its report keeps it. */
export interface ReportedHealth {
  readonly column: string;
  /** Without examples: the keys of rows stay out of reports. null when it was left out. */
  readonly health: VectorHealth | null;
  /** Why it was left out. */
  readonly leftOut: string | null;
}

/** What is right and wrong with the vectors of one column, over all rows. */
export interface VectorHealth {
  /** `schema.table`. */
  readonly table: string;
  readonly column: string;
  /** As declared, e.g. "vector(384)" or "real[]". */
  readonly type: string;
  /** Names of the columns that a key in `examples` holds. */
  readonly key: readonly string[];
  readonly rows: number;
  /** Rows with a vector. */
  readonly vectors: number;
  readonly missing: number;
  readonly dimensions: {
    /** null = each row may have its own. */
    readonly declared: number | null;
    /** Declared, else those of most rows (of two the smaller); null without any vector. */
    readonly expected: number | null;
    /** Most rows first; at most 20. */
    readonly found: readonly { readonly dimensions: number; readonly rows: number }[];
  };
  /** Of vectors whose norm is finite; null when there is none. */
  readonly norms: {
    readonly least: number;
    readonly median: number;
    readonly mean: number;
    readonly most: number;
    /** Rows whose norm is 1 within a thousandth. */
    readonly unit: number;
    /** From the least to the most norm in bins of one width; null when all are the same. */
    readonly histogram: readonly NormBin[] | null;
  } | null;
  /** Groups of rows with the same vector, bit for bit. */
  readonly duplicates: { readonly groups: number; readonly rows: number };
  /** From 1, at most 100; null when it cannot be told. */
  readonly constantDimensions: readonly number[] | null;
  readonly checks: readonly HealthCheck[];
  /** No check found a problem. Warnings leave it true. */
  readonly healthy: boolean;
}
