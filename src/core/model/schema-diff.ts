import type { Warning } from './run.ts';
import type { Hazard } from './statement.ts';

/** One list against another, matched by name. Generic, so that tables, columns, keys and indexes are compared by the same code. */
export interface ListDiff<T> {
  /** Only in the list as it should be. */
  readonly adds: readonly T[];
  /** Only in the list as it is. */
  readonly deletes: readonly T[];
  /** In both, and not equal. */
  readonly alters: readonly { readonly before: T; readonly after: T }[];
}

export type SchemaObjectKind =
  'extension' | 'schema' | 'type' | 'sequence' | 'table' | 'column' | 'primary-key' | 'unique' | 'check' | 'foreign-key' | 'index';

/** One object that differs between the target as it is and the target as the plan makes it. */
export interface SchemaChange {
  readonly kind: SchemaObjectKind;
  /** `schema.table`, `schema.table.column`, or the bare name of what belongs to no table; unquoted. */
  readonly name: string;
  /** `schema.table` it belongs to, null for global objects. */
  readonly table: string | null;
  /** Definition in the target, null for an add. */
  readonly before: string | null;
  /** Definition the plan makes, null for a delete. */
  readonly after: string | null;
}

/** One statement on the way from one schema to another. */
export interface SchemaStep {
  readonly sql: string;
  readonly hazards: readonly Hazard[];
}

/** `sluice diff --json`: the plan's catalog against the target's. `deletes` is told, never executed. */
export interface SchemaDiff {
  readonly adds: readonly SchemaChange[];
  readonly deletes: readonly SchemaChange[];
  readonly alters: readonly SchemaChange[];
  /** What would turn one into the other, in order. */
  readonly statements: readonly SchemaStep[];
  /** What a person should know before running the plan on this target. */
  readonly warnings: readonly Warning[];
}

/** DDL of one table on both sides, for a diff editor; '' where the table does not exist. Tables named `schema.table`, sorted. */
export interface RenderedTable {
  readonly table: string;
  readonly before: string;
  readonly after: string;
}

export interface SchemaDiffResult extends SchemaDiff {
  /** Of the target's part that the plan is about; stored in a plan as `madeFrom.targetHash`. */
  readonly targetHash: string;
  readonly tables: readonly RenderedTable[];
}
