/** What the editor knows beside the text of a plan; everything may be unknown. Names only, never a value or an address. */
export interface PlanFacts {
  /** The source's table; null while its store has not been read. `path` as the plan writes it. */
  table(path: string, table: string): SourceTable | null;
  /** Names of the tables of a source; empty while nobody knows. */
  tables(path: string): readonly string[];
  /** Targets that a plan may name. */
  readonly profiles: readonly { readonly id: string; readonly detail: string }[];
  /** Why the plan no longer fits. */
  readonly stale: string | null;
}

export interface SourceTable {
  readonly rows: number | null;
  readonly columns: readonly { readonly name: string; readonly declared: string }[];
}

export const noFacts: PlanFacts = { table: () => null, tables: () => [], profiles: [], stale: null };
