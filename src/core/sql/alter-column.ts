import { quoteIdentifier } from './quote.ts';
import { quoteTable, type SqlTableName } from './table-name.ts';

/** Names of types as formatPgType writes them, without modifiers. */
export interface TypeChange {
  readonly from: string;
  readonly to: string;
}

/** Gives a column another type, its values with it. PostgreSQL refuses when a value cannot be cast. `type`: as DDL writes it. */
export function alterTypeSql(table: SqlTableName, column: string, type: string, change: TypeChange): string {
  const name = quoteIdentifier(column);
  return `ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${name} TYPE ${type} USING ${castSql(name, type, change)}`;
}

export function alterNullableSql(table: SqlTableName, column: string, nullable: boolean): string {
  return `ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${quoteIdentifier(column)} ${nullable ? 'DROP' : 'SET'} NOT NULL`;
}

const numbers: ReadonlySet<string> = new Set(['smallint', 'bigint', 'numeric', 'real', 'double precision']);

/**
 * A text as bytes is its UTF-8, and not what the text says as an escape; a boolean becomes a number by way of integer; a real as text shows that it is
 * one, as the loader writes it.
 */
function castSql(name: string, type: string, { from, to }: TypeChange): string {
  if (to === 'bytea' && (from === 'text' || from === 'varchar')) return `convert_to(${name}, 'UTF8')`;
  if (from === 'boolean' && numbers.has(to)) return `${name}::integer::${type}`;
  if (to === 'text' && from === 'double precision')
    return `CASE WHEN ${name} = trunc(${name}) AND abs(${name}) < 1e15 THEN ${name}::text || '.0' ELSE ${name}::text END`;
  return `${name}::${type}`;
}
