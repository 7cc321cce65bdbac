import type { DuckDBType } from '@duckdb/node-api';
import type { Catalog } from '../../../model/catalog.ts';
import type { DuckDb } from './open-duckdb.ts';

/** A table or file as DuckDB reads it. */
export interface Relation {
  /** As the source calls it. */
  readonly name: string;
  /** SQL that stands behind FROM; `rowSql` can be used with it. */
  readonly from: string;
  /** Expression that numbers the rows in the order in which they are read: bigint, ascending, the same each time. */
  readonly rowSql: string;
  /** What a row's number is called: "rowid 17", "row 17". */
  readonly rowWord: string;
  readonly columns: readonly RelationColumn[];
  /** Rows it has. */
  readonly rows: number;
  /** Row numbers at which reading may sensibly begin anew, ascending; a split uses the nearest. */
  readonly groupEnds: readonly bigint[];
}

export interface RelationColumn {
  readonly name: string;
  /** Expression that reads it. */
  readonly sql: string;
  readonly type: DuckDBType;
}

/** What a kind of store adds to the reading that all of DuckDB's have in common. */
export interface DuckDbStore {
  readonly database: DuckDb;
  introspect(): Promise<Catalog>;
  relations(): Promise<readonly Relation[]>;
}
