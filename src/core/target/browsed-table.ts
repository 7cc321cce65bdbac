import { MigrationError } from '../errors.ts';
import type { RowsColumn } from '../model/rows.ts';
import { tableQuery } from './browse-queries.ts';
import type { TargetSession } from './target.ts';

/** A column as rows are read: what a panel shows of it, and what the SQL must know. */
export interface BrowsedColumn extends RowsColumn {
  readonly bytes: boolean;
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
  };
}

type ColumnRow = Omit<BrowsedColumn, 'align'> & { readonly number: boolean };
