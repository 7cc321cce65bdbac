import type { SchemaColumn, SchemaConstraint, SchemaSnapshot, SchemaTable } from '../../../../src/core/model/schema-snapshot.ts';

/** Values of a comparison with everything filled in; parts can be replaced. */
export function column(name: string, type: string, changed: Partial<SchemaColumn> = {}): SchemaColumn {
  return { name, type, nullable: true, default: null, generated: null, identity: null, sequence: null, collation: null, ...changed };
}

export function constraint(kind: SchemaConstraint['kind'], name: string, columns: readonly string[], definition: string): SchemaConstraint {
  return { kind, name, columns, definition, references: null };
}

export function primaryKey(name = 'a_pkey', columns: readonly string[] = ['id']): SchemaConstraint {
  return constraint('primary-key', name, columns, `PRIMARY KEY (${columns.join(', ')})`);
}

export function schemaTable(name: string, changed: Partial<SchemaTable> = {}): SchemaTable {
  return { schema: 'public', name, columns: [], constraints: [], indexes: [], partitionKey: null, ...changed };
}

export function snapshot(...tables: readonly SchemaTable[]): SchemaSnapshot {
  return { objects: [], tables };
}
