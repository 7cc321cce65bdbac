/** The part of a database that one plan is about, every text as PostgreSQL itself writes it, so that two of them can be compared word by word. */
export interface SchemaSnapshot {
  readonly objects: readonly SchemaObject[];
  /** Sorted by schema and name. */
  readonly tables: readonly SchemaTable[];
}

/** What belongs to no table. */
export interface SchemaObject {
  readonly kind: 'extension' | 'schema' | 'type' | 'sequence';
  /** null for extensions and schemas. */
  readonly schema: string | null;
  readonly name: string;
  /** What makes it what it is: "ENUM ('a', 'b')", "INCREMENT BY 1 START WITH 1"; '' where only the name counts. */
  readonly definition: string;
  /** Labels of an enum in order; empty for everything else. */
  readonly labels: readonly string[];
}

export interface SchemaTable {
  readonly schema: string;
  readonly name: string;
  /** In the table's order. */
  readonly columns: readonly SchemaColumn[];
  readonly constraints: readonly SchemaConstraint[];
  /** Without those that a constraint owns. */
  readonly indexes: readonly SchemaIndex[];
  /** pg_get_partkeydef(), null for a plain table. */
  readonly partitionKey: string | null;
}

export interface SchemaColumn {
  readonly name: string;
  /** format_type(). */
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
  readonly generated: { readonly expression: string; readonly stored: boolean } | null;
  readonly identity: 'always' | 'by default' | null;
  /** The sequence that the column owns (identity, serial). */
  readonly sequence: { readonly schema: string; readonly name: string } | null;
  /** null = that of the type. */
  readonly collation: string | null;
}

export interface SchemaConstraint {
  readonly kind: 'primary-key' | 'unique' | 'check' | 'foreign-key' | 'exclusion';
  readonly name: string;
  /** pg_get_constraintdef() without NOT VALID: whether old rows were proved is a fact about rows, not about the schema. */
  readonly definition: string;
  readonly columns: readonly string[];
  readonly references: { readonly schema: string; readonly table: string; readonly columns: readonly string[] } | null;
}

export interface SchemaIndex {
  readonly name: string;
  /** pg_get_indexdef(). */
  readonly definition: string;
}
