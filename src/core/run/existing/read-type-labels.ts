import type { TableName } from '../../plan/compiled-plan.ts';
import type { TargetSession } from '../../target/target.ts';

/** The labels of enum types that are there, by `schema.name`; any other type of one of the names has none. */
export async function readTypeLabels(session: TargetSession, names: readonly TableName[]): Promise<ReadonlyMap<string, readonly string[]>> {
  if (names.length === 0) return new Map();
  const found = await session.query(
    `SELECT home.nspname || '.' || type.typname AS label,
            coalesce((SELECT json_agg(enumlabel ORDER BY enumsortorder) FROM pg_catalog.pg_enum WHERE enumtypid = type.oid), '[]')::text AS labels
       FROM pg_catalog.pg_type AS type JOIN pg_catalog.pg_namespace AS home ON home.oid = type.typnamespace
      WHERE (home.nspname, type.typname) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
    [names.map(({ schema }) => schema), names.map(({ table }) => table)],
  );
  return new Map(found.rows.map((row) => [String(row['label']), JSON.parse(String(row['labels'])) as string[]]));
}
