/** A PostgreSQL type as a plan names it: `numeric(10,2)` is { name: 'numeric', modifiers: [10, 2] }. */
export interface PgType {
  /** Canonical name: bigint, integer, smallint, boolean, real, "double precision", numeric, text, varchar, char, bytea, date, time, timestamp, timestamptz, uuid, json, jsonb, vector, halfvec, … */
  readonly name: string;
  readonly schema: string | null;
  readonly modifiers: readonly number[];
  /** 0 = scalar; 2 = two-dimensional array. */
  readonly arrayDepth: number;
}
