/** Kinds of stores that a plan may name. */
export const sourceKindNames = ['sqlite', 'duckdb', 'delimited', 'parquet', 'json', 'jac'] as const;

export type SourceKindName = (typeof sourceKindNames)[number];
