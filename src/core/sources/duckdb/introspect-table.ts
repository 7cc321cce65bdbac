import type { DuckDBConnection } from '@duckdb/node-api';
import type { CatalogColumn, CatalogForeignKey, CatalogTable } from '../../model/catalog.ts';
import { quoteName } from '../shared/quote-name.ts';
import { readAllRows } from '../shared/duckdb/read-chunks.ts';
import { introspectIndex } from './introspect-index.ts';
import { enumLabels, numberingSequence, type Surroundings } from './surroundings.ts';
import {
  ownSchema,
  readConstraintRows,
  readIndexRows,
  sourceName,
  type ColumnRow,
  type ConstraintRow,
  type TableRow,
} from './system-tables.ts';

/** One table with its keys, checks and indexes. */
export async function introspectTable(connection: DuckDBConnection, row: TableRow, surroundings: Surroundings): Promise<CatalogTable> {
  const columns = surroundings.columns.get(row) ?? [];
  const constraints = await readConstraintRows(connection, row);
  const indexes = (await readIndexRows(connection, row)).map(introspectIndex);
  const [[rows] = []] = await readAllRows(connection, `SELECT count(*) FROM ${quoteName(row.schema)}.${quoteName(row.table)}`);
  const ofKind = (kind: string): readonly ConstraintRow[] => constraints.filter((constraint) => constraint.kind === kind);
  return {
    name: sourceName(row.schema, row.table),
    ...(ownSchema(row.schema) === null ? {} : { bareName: row.table }),
    schema: ownSchema(row.schema),
    columns: columns.map((column) => toColumn(column, row, surroundings)),
    primaryKey: ofKind('PRIMARY KEY')[0]?.columns ?? [],
    uniques: ofKind('UNIQUE').map(({ columns: unique }) => ({ name: null, columns: unique, collations: unique.map(() => null) })),
    checks: ofKind('CHECK').map(({ expression }) => ({ name: null, expression: expression ?? '' })),
    foreignKeys: ofKind('FOREIGN KEY').map((key) => toForeignKey(key, row.schema)),
    indexes,
    nextIdentity: nextIdentity(columns, surroundings),
    rows: Number(rows ?? 0n),
    notes: [],
  };
}

function nextIdentity(columns: readonly ColumnRow[], { sequences }: Surroundings): bigint | null {
  const numbered = columns.find((column) => numberingSequence(column, sequences) !== null);
  return numbered === undefined ? null : (numberingSequence(numbered, sequences)?.next ?? null);
}

function toColumn(column: ColumnRow, { sql }: TableRow, { sequences, enums }: Surroundings): CatalogColumn {
  const generated = isGenerated(column, sql);
  const numbered = numberingSequence(column, sequences) !== null;
  const labels = enumLabels(column.declared);
  return {
    name: column.name,
    declared: column.declared,
    nullable: column.nullable,
    default: generated || numbered ? null : plainDefault(column.default),
    generated: generated ? { expression: column.default ?? '', stored: false } : null,
    identity: numbered,
    collation: null,
    ...(labels === null ? {} : { enumType: { name: enums.get(labels.join('\0')) ?? null, labels } }),
  };
}

/** DuckDB writes true and false as casts. */
function plainDefault(text: string | null): string | null {
  const letter = /^CAST\('([tf])' AS BOOLEAN\)$/.exec(text ?? '')?.[1];
  return letter === undefined ? text : letter === 't' ? 'true' : 'false';
}

/** The system tables call the expression of a generated column its default; only the statement tells them apart. */
function isGenerated({ name, declared }: ColumnRow, sql: string): boolean {
  return [name, quoteName(name)].some((written) => sql.includes(`${written} ${declared} GENERATED ALWAYS AS(`));
}

/** DuckDB has no actions of foreign keys but NO ACTION, and keys only within a schema. */
function toForeignKey({ columns, references, referencesColumns }: ConstraintRow, schema: string): CatalogForeignKey {
  return {
    name: null,
    columns,
    references: sourceName(schema, references ?? ''),
    referencesSchema: ownSchema(schema),
    referencesColumns,
    onDelete: 'no action',
    onUpdate: 'no action',
    deferrable: false,
  };
}
