import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { quoteTable, type SqlTableName } from './table-name.ts';

/** `RANGE ("created_at")` */
export interface SqlPartitionKey {
  readonly strategy: 'range' | 'list' | 'hash';
  readonly column: string;
}

/** Which rows a partition takes. */
export type SqlPartitionBounds =
  /** The end is not part of it; null = there is none on that side. Texts are quoted, integers are not. */
  | { readonly kind: 'range'; readonly from: string | bigint | null; readonly to: string | bigint | null }
  | { readonly kind: 'list'; readonly values: readonly (string | bigint | boolean | null)[] }
  | { readonly kind: 'hash'; readonly modulus: number; readonly remainder: number }
  | { readonly kind: 'default' };

/** The end of CREATE TABLE that makes a table partitioned. */
export function partitionBySql({ strategy, column }: SqlPartitionKey): string {
  return ` PARTITION BY ${strategy.toUpperCase()} (${quoteIdentifier(column)})`;
}

/** A partition without rows; it has the columns, defaults and checks of its table. */
export function createPartitionSql(partition: SqlTableName, table: SqlTableName, bounds: SqlPartitionBounds): string {
  return `CREATE TABLE ${quoteTable(partition)} PARTITION OF ${quoteTable(table)} ${boundsSql(bounds)}`;
}

function boundsSql(bounds: SqlPartitionBounds): string {
  switch (bounds.kind) {
    case 'range':
      return `FOR VALUES FROM (${bounds.from === null ? 'MINVALUE' : valueSql(bounds.from)}) TO (${bounds.to === null ? 'MAXVALUE' : valueSql(bounds.to)})`;
    case 'list':
      return `FOR VALUES IN (${bounds.values.map(valueSql).join(', ')})`;
    case 'hash':
      return `FOR VALUES WITH (MODULUS ${bounds.modulus}, REMAINDER ${bounds.remainder})`;
    case 'default':
      return 'DEFAULT';
  }
}

function valueSql(value: string | bigint | boolean | null): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? quoteLiteral(value) : String(value);
}
