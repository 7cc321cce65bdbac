import type { SchemaColumn, SchemaConstraint, SchemaObject, SchemaSnapshot, SchemaTable } from '../model/schema-snapshot.ts';
import { toTableRow, type ColumnRow, type ConstraintRow, type TableRow } from './introspected-table.ts';
import { namedTablesQuery } from './introspect-queries.ts';
import type { TargetSession } from './target.ts';

interface Named {
  readonly schema: string;
  readonly table: string;
}

/** Names of what a snapshot is to hold; what is not there is left out of it. */
export interface SnapshotScope {
  readonly extensions: readonly string[];
  readonly schemas: readonly string[];
  readonly types: readonly Named[];
  readonly sequences: readonly Named[];
  readonly tables: readonly Named[];
}

/** Two queries, whatever the number of tables. Names in texts are as the session's search path lets PostgreSQL write them. */
export async function introspectSnapshot(session: TargetSession, scope: SnapshotScope): Promise<SchemaSnapshot> {
  const objects = await session.query(objectsQuery, [scope.extensions, scope.schemas, ...lists(scope.types), ...lists(scope.sequences)]);
  return { objects: objects.rows.map(toObject), tables: await introspectTables(session, scope.tables) };
}

export async function introspectTables(session: TargetSession, tables: readonly Named[]): Promise<readonly SchemaTable[]> {
  if (tables.length === 0) return [];
  return (await session.query(namedTablesQuery, lists(tables))).rows.map(toTableRow).map(toTable);
}

/** $1 extensions, $2 schemas, $3 and $4 schemas and names of types, $5 and $6 those of sequences. */
const objectsQuery = `
SELECT 'extension' AS kind, NULL::text AS schema, extname::text AS name, '' AS definition, '[]' AS labels
FROM pg_catalog.pg_extension WHERE extname = ANY ($1::text[])
UNION ALL SELECT 'schema', NULL, nspname, '', '[]' FROM pg_catalog.pg_namespace WHERE nspname = ANY ($2::text[])
UNION ALL
SELECT 'type', home.nspname, type.typname,
  CASE WHEN type.typtype = 'e' THEN format('ENUM (%s)', string_agg(quote_literal(label.enumlabel), ', ' ORDER BY label.enumsortorder)) ELSE 'not an enum' END,
  coalesce(json_agg(label.enumlabel ORDER BY label.enumsortorder) FILTER (WHERE label.enumlabel IS NOT NULL), '[]')::text
FROM pg_catalog.pg_type AS type
JOIN pg_catalog.pg_namespace AS home ON home.oid = type.typnamespace
LEFT JOIN pg_catalog.pg_enum AS label ON label.enumtypid = type.oid
WHERE (home.nspname, type.typname) IN (SELECT * FROM unnest($3::text[], $4::text[]))
GROUP BY home.nspname, type.typname, type.typtype
UNION ALL
SELECT 'sequence', home.nspname, relation.relname, format('INCREMENT BY %s START WITH %s', sequence.seqincrement, sequence.seqstart), '[]'
FROM pg_catalog.pg_sequence AS sequence
JOIN pg_catalog.pg_class AS relation ON relation.oid = sequence.seqrelid
JOIN pg_catalog.pg_namespace AS home ON home.oid = relation.relnamespace
WHERE (home.nspname, relation.relname) IN (SELECT * FROM unnest($5::text[], $6::text[]))
ORDER BY 1, 2, 3`;

function lists(names: readonly Named[]): [string[], string[]] {
  return [names.map((name) => name.schema), names.map((name) => name.table)];
}

function toObject(row: Record<string, unknown>): SchemaObject {
  return {
    kind: row['kind'] as SchemaObject['kind'],
    schema: row['schema'] as string | null,
    name: String(row['name']),
    definition: String(row['definition']),
    labels: JSON.parse(String(row['labels'])) as string[],
  };
}

function toTable(row: TableRow): SchemaTable {
  return {
    schema: row.schema,
    name: row.name,
    columns: row.columns.map(toColumn),
    constraints: row.constraints.map(toConstraint),
    indexes: row.indexes.map(({ name, definition }) => ({ name, definition: definition ?? '' })),
    partitionKey: row.partitionKey,
  };
}

const identities = { '': null, a: 'always', d: 'by default' } as const;

function toColumn(row: ColumnRow): SchemaColumn {
  const generated = row.generated !== '';
  return {
    name: row.name,
    type: row.declared,
    nullable: row.nullable,
    default: generated ? null : row.expression,
    generated: generated ? { expression: row.expression ?? '', stored: row.generated === 's' } : null,
    identity: identities[row.identityKind],
    sequence: row.sequence,
    collation: row.collation,
  };
}

const constraintKinds = { p: 'primary-key', u: 'unique', c: 'check', f: 'foreign-key', x: 'exclusion' } as const;

function toConstraint(row: ConstraintRow): SchemaConstraint {
  return {
    kind: constraintKinds[row.type],
    name: row.name,
    definition: row.definition.replace(/ NOT VALID$/, ''),
    columns: row.columns ?? [],
    references:
      row.references === null ? null : { schema: row.referencesSchema ?? '', table: row.references, columns: row.referencesColumns ?? [] },
  };
}
