import { createHash } from 'node:crypto';
import type { RenderedTable } from '../model/schema-diff.ts';
import type { SchemaColumn, SchemaConstraint, SchemaIndex, SchemaSnapshot, SchemaTable } from '../model/schema-snapshot.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { quoteTable } from '../sql/table-name.ts';

/** DDL of every planned table on both sides, sorted by name. */
export function renderTables(target: SchemaSnapshot, planned: SchemaSnapshot): readonly RenderedTable[] {
  const there = new Map(target.tables.map((table) => [schemaTableLabel(table), table]));
  return planned.tables
    .map((table) => {
      const label = schemaTableLabel(table);
      return { table: label, before: renderTable(there.get(label) ?? null), after: renderTable(table) };
    })
    .toSorted((a, b) => (a.table < b.table ? -1 : 1));
}

/** SHA-256 in hex of the target's part: its planned tables and what belongs to none of them. */
export function hashTarget(target: SchemaSnapshot, tables: readonly RenderedTable[]): string {
  const objects = target.objects.map(({ kind, schema, name, definition }) => [kind, schema, name, definition]);
  const content = { objects, tables: tables.map(({ table, before }) => [table, before]) };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/**
 * CREATE TABLE with its constraints, then the indexes, ended by a new line; '' when there is no table. Constraints by kind and name, indexes by name, so
 * that the same table always gives the same text.
 */
export function renderTable(table: SchemaTable | null): string {
  if (table === null) return '';
  const lines = [
    ...table.columns.map((column) => `${quoteIdentifier(column.name)} ${columnDefinition(column)}`),
    ...sortedConstraints(table).map((constraint) => `CONSTRAINT ${quoteIdentifier(constraint.name)} ${constraint.definition}`),
  ];
  const name = quoteTable({ schema: table.schema, table: table.name });
  const body = lines.length === 0 ? '()' : `(\n  ${lines.join(',\n  ')}\n)`;
  const partition = table.partitionKey === null ? '' : ` PARTITION BY ${table.partitionKey}`;
  const indexes = table.indexes.toSorted(byName).map((index) => `${index.definition};\n`);
  return `CREATE TABLE ${name} ${body}${partition};\n${indexes.join('')}`;
}

/** Everything of a column but its name: `numeric(10,2) DEFAULT 0 NOT NULL`. Two columns with the same text are equal. */
export function columnDefinition(column: SchemaColumn): string {
  const parts = [columnType(column)];
  if (column.generated !== null)
    parts.push(`GENERATED ALWAYS AS (${column.generated.expression}) ${column.generated.stored ? 'STORED' : 'VIRTUAL'}`);
  if (column.identity !== null) parts.push(`GENERATED ${column.identity.toUpperCase()} AS IDENTITY`);
  if (column.default !== null) parts.push(`DEFAULT ${column.default}`);
  if (!column.nullable) parts.push('NOT NULL');
  return parts.join(' ');
}

/** Type and collation. */
export function columnType(column: SchemaColumn): string {
  return column.collation === null ? column.type : `${column.type} COLLATE ${quoteIdentifier(column.collation)}`;
}

/** `schema.table`, unquoted. */
export function schemaTableLabel(table: { readonly schema: string; readonly name: string }): string {
  return `${table.schema}.${table.name}`;
}

const kindOrder: readonly SchemaConstraint['kind'][] = ['primary-key', 'unique', 'check', 'foreign-key', 'exclusion'];

function sortedConstraints(table: SchemaTable): readonly SchemaConstraint[] {
  return table.constraints.toSorted((a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) || byName(a, b));
}

function byName(a: SchemaConstraint | SchemaIndex, b: SchemaConstraint | SchemaIndex): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
