import type { ExistingTable } from '../model/existing-table.ts';
import type { ColumnConversion, ConvertOptions } from '../model/type-mapping.ts';
import type { Statement } from '../model/statement.ts';
import type { PlanForeignKey } from './plan-schema.ts';

export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** One table as workers load and verify it. Cloneable. */
export interface CompiledTable {
  /** Name of the source in the plan. */
  readonly source: string;
  /** Table in the source. */
  readonly from: string;
  readonly to: TableName;
  /** `schema.table`, unquoted, for people and for state rows. */
  readonly label: string;
  /** Columns read from the source, in COPY order. Target-only and generated columns are not here. */
  readonly columns: readonly ColumnConversion[];
  /** Columns that both sides compute: compared, never loaded. */
  readonly computed?: readonly ColumnConversion[];
  /** Positions in `columns` of the key that rows are matched by; empty = compared as a multiset. */
  readonly key: readonly number[];
  readonly options: ConvertOptions;
  /** Identity columns by target name. */
  readonly identities: readonly { readonly column: string; readonly next: string | null }[];
  readonly foreignKeys: readonly (PlanForeignKey & { readonly name: string; readonly to: TableName })[];
  /** The run makes it as a partitioned table. */
  readonly partitioned?: true;
  /** The table was there before the run; absent = the run makes it. */
  readonly existing?: ExistingTable;
}

/** Statements and tables of one run, in the order they run. */
export interface CompiledPlan {
  readonly preData: readonly Statement[];
  readonly tables: readonly CompiledTable[];
  readonly postData: readonly Statement[];
  readonly needsVector: boolean;
  /** Types of `columns` of each table as DDL writes them, by label. */
  readonly columnTypes: ReadonlyMap<string, readonly string[]>;
}
