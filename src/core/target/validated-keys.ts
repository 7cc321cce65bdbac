import type { TargetSession } from './target.ts';

/** Names of a table's foreign keys that hold for every row. */
export async function readValidatedKeys(
  session: TargetSession,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<ReadonlySet<string>> {
  const { rows } = await session.query(
    `SELECT con.conname FROM pg_catalog.pg_constraint AS con
       JOIN pg_catalog.pg_class AS relation ON relation.oid = con.conrelid JOIN pg_catalog.pg_namespace AS home ON home.oid = relation.relnamespace
      WHERE con.contype = 'f' AND con.convalidated AND home.nspname = $1 AND relation.relname = $2`,
    [schema, table],
  );
  return new Set(rows.map((row) => String(row['conname'])));
}
