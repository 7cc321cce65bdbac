import type { TargetCapabilities, TargetSession } from './target.ts';

/** What a server can do for the current user. `sessions`: it serves several connections at once. */
export async function readCapabilities(session: TargetSession, options: { readonly sessions: boolean }): Promise<TargetCapabilities> {
  const found = (await session.query(capabilitiesQuery)).rows[0] ?? {};
  return {
    serverVersion: Number(found['server_version']),
    vectorVersion: (found['vector_version'] as string | null) ?? null,
    vectorInstalled: found['vector_schema'] !== null,
    vectorSchema: (found['vector_schema'] as string | null) ?? null,
    maxIndexDimensions: 2000,
    parallelConnections: options.sessions ? Math.min(64, Math.max(1, Number(found['free_connections']))) : 1,
    sessions: options.sessions,
    canCreateSchema: found['can_create_schema'] === true,
  };
}

/** The connection that asks counts as free: it is one of those that load. */
const capabilitiesQuery = `
SELECT current_setting('server_version_num')::int AS server_version,
  coalesce(installed.extversion, (SELECT default_version FROM pg_catalog.pg_available_extensions WHERE name = 'vector')) AS vector_version,
  installed.nspname AS vector_schema,
  has_database_privilege(current_database(), 'CREATE') AS can_create_schema,
  least(
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - (SELECT sum(numbackends) FROM pg_catalog.pg_stat_database),
    CASE WHEN db.datconnlimit < 0 THEN 100000 ELSE db.datconnlimit - (SELECT numbackends FROM pg_catalog.pg_stat_database WHERE datid = db.oid) END,
    CASE WHEN login.rolconnlimit < 0 THEN 100000 ELSE login.rolconnlimit - (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE usesysid = login.oid) END
  )::int + 1 AS free_connections
FROM pg_catalog.pg_database AS db
JOIN pg_catalog.pg_roles AS login ON login.rolname = current_user
LEFT JOIN (
  SELECT extension.extversion, home.nspname
  FROM pg_catalog.pg_extension AS extension
  JOIN pg_catalog.pg_namespace AS home ON home.oid = extension.extnamespace
  WHERE extension.extname = 'vector'
) AS installed ON true
WHERE db.datname = current_database()`;
