import type { ExistingTable } from '../model/existing-table.ts';
import type { ColumnConversion, ConvertOptions } from '../model/type-mapping.ts';
import type { FoundWatermark, RowWindow, WatermarkRule } from '../model/watermark.ts';
import type { Warning } from '../model/run.ts';
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
  /** Rows that the run adds to it beside those of the source; absent = none. */
  readonly seeds?: SeedKeys;
  /** The table was there before the run; absent = the run makes it. */
  readonly existing?: ExistingTable;
  /** Mode sync: new rows are found by the order of a column; absent = by their hashes alone. */
  readonly watermark?: TableWatermark;
}

export interface TableWatermark {
  /** In the source. */
  readonly column: string;
  /** In the target. */
  readonly to: string;
  readonly rule: WatermarkRule;
  /** What the run knows of it; absent until the run has looked, and in a comparison of all rows. */
  readonly found?: FoundWatermark;
}

/** Seed rows of a table by a key, so that they can be told from rows of the source. */
export interface SeedKeys {
  readonly columns: readonly string[];
  /** Of the columns, as DDL writes them. */
  readonly types: readonly string[];
  /** `name`: what the row is recorded as; `texts`: its key, as the types read it. */
  readonly rows: readonly { readonly name: string; readonly texts: readonly (string | null)[] }[];
}

/** A table that the run makes and that gets no rows of a source. */
export interface CompiledTargetOnly {
  readonly to: TableName;
  readonly label: string;
  readonly identities: CompiledTable['identities'];
  readonly seeds: number;
  /** `SELECT` whose one row has the number of its rows, as `rows`. */
  readonly countSql: string;
}

/** Statements and tables of one run, in the order they run. */
export interface CompiledPlan {
  readonly preData: readonly Statement[];
  readonly tables: readonly CompiledTable[];
  readonly postData: readonly Statement[];
  readonly targetOnly: readonly CompiledTargetOnly[];
  readonly needsVector: boolean;
  /** Tables outside of the run that its foreign keys refer to. */
  readonly parents: readonly TableName[];
  /** What of the tables is left out, with the reason. */
  readonly leftOut: readonly Warning[];
  /** Types of `columns` of each table as DDL writes them, by label. */
  readonly columnTypes: ReadonlyMap<string, readonly string[]>;
}

/** Which of its rows are read; null = all. */
export function rowWindow({ watermark }: Pick<CompiledTable, 'watermark'>): RowWindow | null {
  const since = watermark?.found?.since ?? null;
  return watermark === undefined || since === null ? null : { column: watermark.column, rule: watermark.rule, since };
}
