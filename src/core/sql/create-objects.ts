import { qualifiedName, quoteIdentifier, quoteLiteral } from './quote.ts';
import { quoteTable, type SqlTableName } from './table-name.ts';

/** The schema is named, because a session's search path may be empty. */
export function createExtensionSql(extension: string, schema: string): string {
  return `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(extension)} WITH SCHEMA ${quoteIdentifier(schema)}`;
}

export function createSchemaSql(schema: string): string {
  return `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`;
}

export function createEnumSql(schema: string, name: string, values: readonly string[]): string {
  return `CREATE TYPE ${qualifiedName(schema, name)} AS ENUM (${values.map(quoteLiteral).join(', ')})`;
}

/** `start`, `next`: whole numbers as text. The sequence starts at `start` after a reset; the first value it hands out is `next`. */
export function createSequenceSql(schema: string, name: string, start: string, increment: number): string {
  return `CREATE SEQUENCE ${qualifiedName(schema, name)} INCREMENT BY ${increment} START WITH ${start}`;
}

export function restartSequenceSql(schema: string, name: string, next: string): string {
  return `ALTER SEQUENCE ${qualifiedName(schema, name)} RESTART WITH ${next}`;
}

export function ownSequenceSql(schema: string, name: string, table: SqlTableName, column: string): string {
  return `ALTER SEQUENCE ${qualifiedName(schema, name)} OWNED BY ${quoteTable(table)}.${quoteIdentifier(column)}`;
}

export function commentOnTableSql(table: SqlTableName, comment: string | null): string {
  return `COMMENT ON TABLE ${quoteTable(table)} IS ${comment === null ? 'NULL' : quoteLiteral(comment)}`;
}
