import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteText } from '../shared/quote-name.ts';
import { readAllRows } from '../shared/duckdb/read-chunks.ts';

export interface TableRow {
  readonly schema: string;
  readonly table: string;
  /** CREATE TABLE, as DuckDB writes it. */
  readonly sql: string;
}

export interface ColumnRow {
  readonly name: string;
  readonly default: string | null;
  readonly nullable: boolean;
  readonly declared: string;
}

export interface ConstraintRow {
  readonly kind: string;
  readonly name: string | null;
  readonly expression: string | null;
  readonly columns: readonly string[];
  readonly references: string | null;
  readonly referencesColumns: readonly string[];
}

export interface IndexRow {
  readonly name: string;
  readonly unique: boolean;
  readonly expressions: string;
  readonly sql: string;
}

/** The schema that DuckDB makes itself. */
const mainSchema = 'main';

/** A table as the source calls it: tables of other schemas carry their schema. */
export function sourceName(schema: string, table: string): string {
  return schema === mainSchema ? table : `${schema}.${table}`;
}

/** Null for the schema that every database has. */
export function ownSchema(schema: string): string | null {
  return schema === mainSchema ? null : schema;
}

const here = 'database_name = current_database() AND NOT internal';

/** Tables in the order of their creation. */
export async function readTableRows(connection: DuckDBConnection): Promise<readonly TableRow[]> {
  const rows = await textRows(connection, `SELECT schema_name, table_name, sql FROM duckdb_tables() WHERE ${here} ORDER BY table_oid`);
  return rows.map(([schema = '', table = '', sql]) => ({ schema: schema ?? '', table: table ?? '', sql: sql ?? '' }));
}

export async function readColumnRows(connection: DuckDBConnection, { schema, table }: TableRow): Promise<readonly ColumnRow[]> {
  const rows = await textRows(
    connection,
    `SELECT column_name, column_default, is_nullable, data_type FROM duckdb_columns() WHERE ${here} AND ${named(schema, table)} ORDER BY column_index`,
  );
  return rows.map(([name, value, nullable, declared]) => ({
    name: name ?? '',
    default: value ?? null,
    nullable: nullable === 'true',
    declared: declared ?? '',
  }));
}

export async function readConstraintRows(connection: DuckDBConnection, { schema, table }: TableRow): Promise<readonly ConstraintRow[]> {
  const rows = await textRows(
    connection,
    `SELECT constraint_type, constraint_name, expression, to_json(constraint_column_names), referenced_table, to_json(referenced_column_names)
     FROM duckdb_constraints() WHERE database_name = current_database() AND ${named(schema, table)} ORDER BY constraint_index`,
  );
  return rows.map(([kind, name, expression, columns, references, referencesColumns]) => ({
    kind: kind ?? '',
    name: name ?? null,
    expression: expression ?? null,
    columns: namesIn(columns),
    references: references ?? null,
    referencesColumns: namesIn(referencesColumns),
  }));
}

export async function readIndexRows(connection: DuckDBConnection, { schema, table }: TableRow): Promise<readonly IndexRow[]> {
  const rows = await textRows(
    connection,
    `SELECT index_name, is_unique, expressions, sql FROM duckdb_indexes() WHERE database_name = current_database() AND NOT is_primary AND ${named(schema, table)} ORDER BY index_oid`,
  );
  return rows.map(([name, unique, expressions, sql]) => ({
    name: name ?? '',
    unique: unique === 'true',
    expressions: expressions ?? '',
    sql: sql ?? '',
  }));
}

/** Rows of texts. */
export async function textRows(connection: DuckDBConnection, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  return (await readAllRows(connection, sql)).map((row) => row.map((value) => (value === null ? null : String(value))));
}

function named(schema: string, table: string): string {
  return `schema_name = ${quoteText(schema)} AND table_name = ${quoteText(table)}`;
}

function namesIn(json: string | null | undefined): readonly string[] {
  return json === null || json === undefined ? [] : (JSON.parse(json) as string[]);
}
