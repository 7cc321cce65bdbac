import { MigrationError } from '../errors.ts';
import type { RowsColumn } from '../model/rows.ts';
import { readBrowsedTable, toRowsColumn, type BrowsedTable } from '../target/browsed-table.ts';
import type { TargetSession } from '../target/target.ts';
import { readVectorIndexes, type IndexOnColumn } from '../target/vector-indexes.ts';

export interface VectorColumnName {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/** A vector column of the target and the table around it. */
export interface VectorColumn extends VectorColumnName {
  readonly type: 'vector' | 'halfvec';
  readonly nullable: boolean;
  /** As declared; 0 when each row may have its own. */
  readonly dimensions: number;
  readonly vectorSchema: string;
  /** e.g. "0.8.0". */
  readonly vectorVersion: string;
  /** What tells rows apart: primary key, else the place in the table (which changes when a row is written). */
  readonly key: readonly KeyPart[];
  readonly payload: readonly RowsColumn[];
  readonly indexes: readonly IndexOnColumn[];
}

export interface KeyPart {
  /** Column name, unquoted. */
  readonly name: string;
  /** Type to read the text of a value with, as SQL. */
  readonly cast: string;
}

/** Kinds of relations whose rows have a place: tables, partitioned ones, materialized views. */
export const searchable = 'rpm';

/** Throws `no-such-target-table`, `no-such-target-column` or `not-a-vector-column`. */
export async function readVectorColumn(session: TargetSession, name: VectorColumnName): Promise<VectorColumn> {
  const found = await readBrowsedTable(session, name.schema, name.table);
  const table = `${name.schema}.${name.table}`;
  if (!searchable.includes(found.kind)) throw new MigrationError('no-such-target-table', { context: { table } });
  const own = found.columns.find((column) => column.name === name.column);
  if (own === undefined) throw new MigrationError('no-such-target-column', { context: { table, column: name.column } });
  if (found.pgvector === null || (own.vectorType !== 'vector' && own.vectorType !== 'halfvec'))
    throw new MigrationError('not-a-vector-column', { context: { table, column: name.column, type: own.type } });
  return {
    ...name,
    type: own.vectorType,
    nullable: own.nullable,
    dimensions: own.vector ?? 0,
    vectorSchema: found.pgvector.schema,
    vectorVersion: found.pgvector.version,
    key: keyOf(found),
    payload: found.columns.filter((column) => column.vectorType === null).map(toRowsColumn),
    indexes: (await readVectorIndexes(session, found.oid)).filter((index) => index.column === name.column),
  };
}

/** Primary key, else the place. */
export function keyOf({ key, kind, columns }: BrowsedTable): readonly KeyPart[] {
  if (key.length > 0) return key.map((name) => ({ name, cast: columns.find((column) => column.name === name)?.cast ?? 'text' }));
  const place = { name: 'ctid', cast: 'tid' };
  return kind === 'p' ? [{ name: 'tableoid', cast: 'oid' }, place] : [place];
}
