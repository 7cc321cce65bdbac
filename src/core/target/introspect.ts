import type { Catalog, CatalogColumn, CatalogForeignKey, CatalogObject, CatalogTable, ForeignKeyAction } from '../model/catalog.ts';
import { qualifiedName } from '../sql/quote.ts';
import { tablesQuery, triggersQuery, viewsQuery } from './introspect-queries.ts';
import { toTableRow, type ColumnRow, type ConstraintRow, type TableRow } from './introspected-table.ts';
import type { TargetSession } from './target.ts';

/**
 * The tables, views and triggers of `schemas` as PostgreSQL's own catalog tells them; no schemas = all but the system's and `sluice`.
 * What an extension brought is listed under `skipped`. Rows are not counted.
 */
export async function introspectPostgres(session: TargetSession, schemas: readonly string[]): Promise<Catalog> {
  const tables = (await session.query(tablesQuery, [schemas])).rows.map(toTableRow);
  const own = tables.filter((table) => table.extension === null);
  const next = await readNextValues(session, own);
  return {
    tables: own.map((table) => toTable(table, next)),
    views: (await session.query(viewsQuery, [schemas])).rows.map(toObject),
    triggers: (await session.query(triggersQuery, [schemas])).rows.map(toObject),
    skipped: tables
      .filter((table) => table.extension !== null)
      .map((table) => ({ name: `${table.schema}.${table.name}`, reason: `belongs to the extension ${table.extension}` })),
  };
}

function toTable(table: TableRow, next: ReadonlyMap<string, bigint>): CatalogTable {
  const ofType = (type: ConstraintRow['type']): ConstraintRow[] => table.constraints.filter((constraint) => constraint.type === type);
  const sequence = table.columns.find((column) => column.sequence !== null)?.sequence ?? null;
  return {
    name: table.name,
    schema: table.schema,
    columns: table.columns.map(toColumn),
    primaryKey: ofType('p')[0]?.columns ?? [],
    uniques: ofType('u').map(({ name, columns }) => ({ name, columns: columns ?? [], collations: (columns ?? []).map(() => null) })),
    checks: ofType('c').map(({ name, expression }) => ({ name, expression: expression ?? '' })),
    foreignKeys: ofType('f').map(toForeignKey),
    indexes: table.indexes.map(({ name, unique, method, parts, where, definition }) => ({
      name,
      unique,
      method,
      parts,
      where,
      definition,
    })),
    nextIdentity: sequence === null ? null : (next.get(qualifiedName(sequence.schema, sequence.name)) ?? null),
    rows: null,
    notes: notesOf(table),
  };
}

function toColumn(column: ColumnRow): CatalogColumn {
  const generated = column.generated !== '';
  return {
    name: column.name,
    declared: column.declared,
    nullable: column.nullable,
    default: generated ? null : column.expression,
    generated: generated ? { expression: column.expression ?? '', stored: column.generated === 's' } : null,
    identity: column.identity || column.sequence !== null,
    collation: column.collation,
  };
}

function toForeignKey(constraint: ConstraintRow): CatalogForeignKey {
  return {
    name: constraint.name,
    columns: constraint.columns ?? [],
    references: constraint.references ?? '',
    referencesSchema: constraint.referencesSchema,
    referencesColumns: constraint.referencesColumns ?? [],
    onDelete: actions[constraint.onDelete] ?? 'no action',
    onUpdate: actions[constraint.onUpdate] ?? 'no action',
    deferrable: constraint.deferrable,
  };
}

const actions: Readonly<Record<string, ForeignKeyAction>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

function toObject(row: Record<string, unknown>): CatalogObject {
  return {
    name: String(row['name']),
    schema: String(row['schema']),
    table: (row['table'] as string | undefined) ?? null,
    definition: String(row['definition']),
  };
}

function notesOf(table: TableRow): string[] {
  return [
    ...(table.partitionKey === null ? [] : [`partitioned by ${table.partitionKey}`]),
    ...(table.partitionOf === null ? [] : [`partition of ${table.partitionOf}`]),
    ...table.constraints.filter((constraint) => !constraint.validated).map((constraint) => `constraint ${constraint.name} is NOT VALID`),
    ...table.constraints
      .filter((constraint) => constraint.type === 'x')
      .map((constraint) => `constraint ${constraint.name}: ${constraint.definition}`),
    ...table.indexes.filter((index) => !index.valid).map((index) => `index ${index.name} is INVALID`),
  ];
}

/** What each sequence behind a column would give next, by qualified name; those that may not be read are left out. */
async function readNextValues(session: TargetSession, tables: readonly TableRow[]): Promise<Map<string, bigint>> {
  const names = tables.flatMap((table) =>
    table.columns.flatMap(({ sequence }) => (sequence === null ? [] : [qualifiedName(sequence.schema, sequence.name)])),
  );
  if (names.length === 0) return new Map();
  const allowed = await session.query(
    `SELECT name, seqincrement AS step FROM unnest($1::text[]) AS name JOIN pg_catalog.pg_sequence ON seqrelid = name::regclass
     WHERE has_sequence_privilege(seqrelid, 'SELECT')`,
    [names],
  );
  if (allowed.rows.length === 0) return new Map();
  const reads = allowed.rows.map(
    (row, i) =>
      `SELECT ${i} AS i, CASE WHEN is_called THEN last_value + ${String(row['step'])} ELSE last_value END AS next FROM ${String(row['name'])}`,
  );
  const values = await session.query(reads.join('\nUNION ALL '));
  return new Map(values.rows.map((row) => [String(allowed.rows[Number(row['i'])]?.['name']), BigInt(String(row['next']))]));
}
