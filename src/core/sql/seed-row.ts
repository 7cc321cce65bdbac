import { quoteIdentifier, quoteList, quoteLiteral } from './quote.ts';
import { quoteTable, type SqlTableName } from './table-name.ts';

/** What JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** How a type reads the text that stands for a value. */
export type SeedForm = 'scalar' | 'json' | 'array' | 'vector';

export interface SqlSeedValue {
  readonly column: string;
  /** In the type's own words, as it is read from a literal; null for NULL. */
  readonly text: string | null;
}

/**
 * Adds one row, unless a unique key has it already. The values are literals without a type, so that the column's own rules count: one that is too long is
 * refused and not cut.
 */
export function insertSeedSql(table: SqlTableName, values: readonly SqlSeedValue[]): string {
  const into = `INSERT INTO ${quoteTable(table)}`;
  const row =
    values.length === 0
      ? 'DEFAULT VALUES'
      : `(${quoteList(values.map(({ column }) => column))}) VALUES (${values.map(({ text }) => seedLiteral(text)).join(', ')})`;
  return `${into} ${row} ON CONFLICT DO NOTHING`;
}

/** A row that has these values, compared as they are printed: not every type has an equality. */
export function selectSeedSql(table: SqlTableName, values: readonly (SqlSeedValue & { readonly type: string })[]): string {
  const same = values.map(
    ({ column, text, type }) => `${quoteIdentifier(column)}::text IS NOT DISTINCT FROM (${seedLiteral(text)}::${type})::text`,
  );
  return `SELECT 1 FROM ${quoteTable(table)} WHERE ${['true', ...same].join(' AND ')} LIMIT 1`;
}

/** Of a row: its key is that of a seed row; NULL where the row has no value for it. At least one row. */
export function isSeedRow({ columns, types, rows }: SqlSeedKeys): string {
  const keys = rows.map(({ texts }) => `(${texts.map((text, i) => `${seedLiteral(text)}::${types[i] ?? 'text'}`).join(', ')})`);
  return `((${quoteList(columns)}) IN (VALUES ${keys.join(', ')}))`;
}

interface SqlSeedKeys {
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly { readonly texts: readonly (string | null)[] }[];
}

export function seedLiteral(text: string | null): string {
  return text === null ? 'NULL' : quoteLiteral(text);
}

/** A JSON value as the text that PostgreSQL reads as a value of its type; null is NULL in every type, JSON included. */
export function seedText(value: JsonValue, form: SeedForm): string | null {
  if (value === null) return null;
  if (form === 'json') return JSON.stringify(value);
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && form === 'array') return arrayText(value as readonly JsonValue[]);
  return JSON.stringify(value);
}

/** https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function arrayText(items: readonly JsonValue[]): string {
  return `{${items.map(itemText).join(',')}}`;
}

function itemText(item: JsonValue): string {
  if (item === null) return 'NULL';
  if (Array.isArray(item)) return arrayText(item as readonly JsonValue[]);
  const text = typeof item === 'string' ? item : JSON.stringify(item);
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
