import type { CatalogIndex } from '../model/catalog.ts';

/** One row of the queries for tables. */
export interface TableRow {
  readonly schema: string;
  readonly name: string;
  readonly extension: string | null;
  readonly columns: readonly ColumnRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly (CatalogIndex & { readonly valid: boolean })[];
  readonly partitionOf: string | null;
  readonly partitionKey: string | null;
}

export interface ColumnRow {
  readonly name: string;
  readonly declared: string;
  readonly nullable: boolean;
  readonly expression: string | null;
  readonly generated: '' | 's' | 'v';
  readonly identity: boolean;
  readonly identityKind: '' | 'a' | 'd';
  readonly sequence: { readonly schema: string; readonly name: string } | null;
  readonly collation: string | null;
}

export interface ConstraintRow {
  readonly name: string;
  readonly type: 'p' | 'u' | 'f' | 'c' | 'x';
  readonly columns: readonly string[] | null;
  readonly expression: string | null;
  readonly references: string | null;
  readonly referencesSchema: string | null;
  readonly referencesColumns: readonly string[] | null;
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly deferrable: boolean;
  readonly validated: boolean;
  readonly definition: string;
}

export function toTableRow(row: Record<string, unknown>): TableRow {
  return {
    schema: String(row['schema']),
    name: String(row['name']),
    extension: row['extension'] as string | null,
    columns: JSON.parse(String(row['columns'])) as ColumnRow[],
    constraints: JSON.parse(String(row['constraints'])) as ConstraintRow[],
    indexes: JSON.parse(String(row['indexes'])) as TableRow['indexes'],
    partitionOf: row['partition_of'] as string | null,
    partitionKey: row['partition_key'] as string | null,
  };
}
