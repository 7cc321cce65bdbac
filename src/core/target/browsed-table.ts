import { MigrationError } from '../errors.ts';
import type { RowsColumn } from '../model/rows.ts';
import { tableQuery } from './browse-queries.ts';
import type { TargetSession } from './target.ts';

/** A column as rows are read: what a panel shows of it, and what the SQL must know. */
export interface BrowsedColumn extends RowsColumn {
  readonly bytes: boolean;
  /** Type to read the text of a value with, as SQL: no length, no precision. */
  readonly cast: string;
  /** pgvector's name of its type; null for a column of another type. */
  readonly vectorType: 'vector' | 'halfvec' | 'sparsevec' | null;
  /** Its text stands unquoted in JSON: numbers without a scale, booleans, JSON itself. */
  readonly literal: boolean;
  /** Values have one length. */
  readonly fixed: boolean;
  readonly generated: boolean;
  /** GENERATED ALWAYS AS IDENTITY. */
  readonly always: boolean;
  readonly default: string | null;
  /** Schema and name where it is not the type's own. */
  readonly collation: readonly [schema: string, name: string] | null;
}

export interface BrowsedTable {
  readonly oid: string;
  readonly schema: string;
  readonly table: string;
  /** relkind of pg_class. */
  readonly kind: string;
  readonly columns: readonly BrowsedColumn[];
  /** Names in key order; empty without a primary key. */
  readonly key: readonly string[];
  readonly estimatedRows: number | null;
  /** Where pgvector's types are, and its version, e.g. "0.8.0"; null when it is not installed. */
  readonly pgvector: { readonly schema: string; readonly version: string } | null;
}

/** A table or view of the target as it is now. Throws `no-such-target-table`. */
export async function readBrowsedTable(session: TargetSession, schema: string, table: string): Promise<BrowsedTable> {
  const found = (await session.query(tableQuery, [schema, table])).rows[0];
  if (found === undefined) throw new MigrationError('no-such-target-table', { context: { table: `${schema}.${table}` } });
  const columns = (JSON.parse((found['columns'] as string | null) ?? '[]') as ColumnRow[]).map(({ number, ...column }): BrowsedColumn => ({
    ...column,
    align: number ? 'right' : 'left',
  }));
  const inKey = columns.filter((column) => column.key !== null);
  const estimate = Number(found['estimate']);
  return {
    oid: String(found['oid']),
    schema,
    table,
    kind: String(found['kind']),
    columns,
    key: inKey.sort((a, b) => (a.key ?? 0) - (b.key ?? 0)).map(({ name }) => name),
    estimatedRows: estimate > 0 ? estimate : null,
    pgvector: found['vector_schema'] === null ? null : { schema: String(found['vector_schema']), version: String(found['vector_version']) },
  };
}

/** What a panel shows of a column, and nothing else. */
export function toRowsColumn({ name, type, nullable, key, align, vector, references }: BrowsedColumn): RowsColumn {
  return { name, type, nullable, key, align, vector, references };
}

type ColumnRow = Omit<BrowsedColumn, 'align'> & { readonly number: boolean };
