export type Section = 'pre-data' | 'data' | 'post-data';

export type ObjectKind =
  | 'database'
  | 'extension'
  | 'schema'
  | 'type'
  | 'sequence'
  | 'table'
  | 'partition'
  | 'primary-key'
  | 'unique'
  | 'check'
  | 'foreign-key'
  | 'index'
  | 'comment'
  | 'identity'
  | 'seed';

/** What can go wrong, said before it does. */
export interface Hazard {
  readonly code:
    'long-lock' | 'index-build' | 'destructive' | 'not-enforced' | 'dropped-key' | 'lossy' | 'needs-privilege' | 'partitions-by-data';
  readonly message: string;
}

/** One step of a plan as SQL, with what it makes, so that it can be shown, exported, run and undone from the same value. */
export interface Statement {
  readonly section: Section;
  readonly sql: string;
  readonly object: CreatedObject | null;
  /** `schema.table` this belongs to, null for global ones. */
  readonly table: string | null;
  readonly hazards: readonly Hazard[];
  /** What the statement makes unique, so that rows which break it can be found. */
  readonly unique?: UniqueRule;
  /** Of a statement that adds a seed row: `SELECT` that gives the row as long as it is what was added. */
  readonly seedSql?: string;
  /** The statement builds an index of pgvector, which a run sizes by the rows that are there. */
  readonly vectorIndex?: VectorIndexBuild;
}

/** What a run must know of an index of pgvector before it builds it. */
export interface VectorIndexBuild {
  readonly method: 'hnsw' | 'ivfflat';
  /** `SELECT` whose one row has the number of vectors to be indexed, as `rows`. */
  readonly countSql: string;
  /** Bytes of one value as the index holds it. */
  readonly valueBytes: number;
  /** Bytes that one row takes in the graph of HNSW while it is built; 0 for IVFFlat. */
  readonly graphBytes: number;
  /** Lists of IVFFlat as the plan gives them; 'auto' = as many as the rows ask for; null for HNSW. */
  readonly lists: number | 'auto' | null;
  /** The statement in two parts, between which options can be put. */
  readonly sql: readonly [before: string, after: string];
}

/** A primary key, unique constraint or unique index as SQL. Rows with a NULL in a term never break it. */
export interface UniqueRule {
  /** Name of the constraint or index, unquoted. */
  readonly name: string;
  /** Columns (with a collation, if any) and expressions. */
  readonly terms: readonly string[];
  /** Condition of the rows that it is about; null = all. */
  readonly where: string | null;
  /** Its one column when it has no other term, unquoted. */
  readonly column: string | null;
}

/** An object of the target that a run creates; enough to drop it again. Identity parts are unquoted names. */
export interface CreatedObject {
  readonly kind: ObjectKind;
  readonly schema: string | null;
  /** Table of constraints, partitions, identity, comments and seed rows; else null. */
  readonly table: string | null;
  /** Of a seed row its number in the plan, from 1. */
  readonly name: string;
}
