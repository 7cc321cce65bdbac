import { qualifiedName, quoteIdentifier, quoteLiteral } from './quote.ts';
import { quoteTable, type SqlTableName } from './table-name.ts';

export interface SqlIndex {
  readonly name: string;
  readonly unique: boolean;
  /** btree, hnsw, … */
  readonly method: string;
  readonly parts: readonly SqlIndexPart[];
  readonly where: string | null;
  readonly with: Readonly<Record<string, string | number | boolean>>;
}

export interface SqlIndexPart {
  /** A column, or null when `expression` is set. */
  readonly column: string | null;
  readonly expression: string | null;
  readonly descending: boolean;
  /** null = what PostgreSQL takes: last when ascending, first when descending. */
  readonly nullsFirst: boolean | null;
  readonly collation: string | null;
  readonly opclass: { readonly schema: string | null; readonly name: string } | null;
}

export function createIndexSql(table: SqlTableName, index: SqlIndex): string {
  const unique = index.unique ? 'UNIQUE ' : '';
  const parts = index.parts.map(partSql).join(', ');
  return `CREATE ${unique}INDEX ${quoteIdentifier(index.name)} ON ${quoteTable(table)} USING ${index.method} (${parts})${withSql(index)}${whereSql(index)}`;
}

/** What is compared, without how it is ordered. */
export function indexTermSql(part: Pick<SqlIndexPart, 'column' | 'expression' | 'collation'>): string {
  const term = part.column === null ? `(${part.expression ?? ''})` : quoteIdentifier(part.column);
  return part.collation === null ? term : `${term} COLLATE ${quoteIdentifier(part.collation)}`;
}

function partSql(part: SqlIndexPart): string {
  const words = [indexTermSql(part)];
  if (part.opclass !== null) words.push(qualifiedName(part.opclass.schema, part.opclass.name));
  if (part.descending) words.push('DESC');
  if (part.nullsFirst !== null) words.push(part.nullsFirst ? 'NULLS FIRST' : 'NULLS LAST');
  return words.join(' ');
}

function withSql(index: SqlIndex): string {
  const settings = Object.entries(index.with).map(([name, value]) => `${quoteIdentifier(name)} = ${settingSql(value)}`);
  return settings.length === 0 ? '' : ` WITH (${settings.join(', ')})`;
}

function settingSql(value: string | number | boolean): string {
  return typeof value === 'string' ? quoteLiteral(value) : String(value);
}

function whereSql(index: SqlIndex): string {
  return index.where === null ? '' : ` WHERE ${index.where}`;
}
