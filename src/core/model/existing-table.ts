/** Modes that write into tables that are there already. */
export type WritingMode = 'append' | 'upsert' | 'replace' | 'sync';

/** A table that was in the target before the run, and how the run writes into it. Cloneable. */
export interface ExistingTable {
  /** The run that writes, under whose id `sluice.undo` keeps what it wrote. */
  readonly runId: string;
  readonly mode: WritingMode;
  /** Rows as they were are kept, so that the run can be rolled back. */
  readonly undo: boolean;
  /** All stored columns but generated ones, in the table's order: what a row is remembered and restored by. */
  readonly columns: readonly ExistingColumn[];
  /** Columns that tell its rows apart, all NOT NULL; empty = rows are told apart by their whole content. */
  readonly key: readonly ExistingColumn[];
  /** Columns that decide whether an upsert or a sync meets a row; empty in other modes. */
  readonly conflict: readonly string[];
  /** Unique indexes on columns that are written. */
  readonly uniques: readonly { readonly name: string; readonly columns: readonly ExistingColumn[] }[];
  /** Types of the columns that are written, as DDL writes them, in the order of CompiledTable.columns: those of the staging table. */
  readonly stagingTypes: readonly string[];
  /** Labels of tables of the run that its foreign keys refer to; they are loaded first. */
  readonly after: readonly string[];
  /** Tables of the run whose foreign keys lead to each other and back to this one, itself among them; empty = none do. */
  readonly circle: readonly string[];
  /** Of the target, on columns that are written. */
  readonly foreignKeys: readonly ExistingForeignKey[];
  /** Loaded in one range, in the order of the source: rows refer to rows before them, or ranges would only wait for each other. */
  readonly inOrder: boolean;
  /** Mode sync: name of the plan under which the hashes of its rows are kept. */
  readonly syncedBy?: string;
  /** Mode sync: only rows from a watermark on are read, so that nothing is known of the others. */
  readonly partial?: true;
}

export interface ExistingForeignKey {
  readonly name: string;
  readonly columns: readonly ExistingColumn[];
  /** The table that it refers to. */
  readonly parent: { readonly schema: string; readonly table: string };
  /** `schema.table` of it. */
  readonly parentLabel: string;
  readonly parentColumns: readonly string[];
}

export interface ExistingColumn {
  readonly name: string;
  /** As format_type() writes it. */
  readonly type: string;
  /** GENERATED ALWAYS AS IDENTITY: it can be inserted, never updated. */
  readonly alwaysIdentity: boolean;
}
