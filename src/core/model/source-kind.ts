/** Kinds of stores that a plan may name. */
export const sourceKindNames = ['sqlite', 'duckdb', 'delimited', 'parquet', 'json', 'jac'] as const;

/** Kinds whose tables are nodes and edges of a graph. */
export const graphKinds: ReadonlySet<string> = new Set<SourceKindName>(['jac']);

export type SourceKindName = (typeof sourceKindNames)[number];
