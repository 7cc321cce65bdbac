import type { Target } from '../../target/target.ts';

/** What the server says of itself, the database and the user. */
export interface ServerFacts {
  readonly user: string;
  readonly database: string;
  readonly versionText: string;
  readonly standby: boolean;
  /** Of a new session, before Sluice sets it. */
  readonly readOnlyByDefault: boolean;
  readonly encoding: string;
  readonly bytes: number;
  readonly superuser: boolean;
  readonly mayCreateSchemas: boolean;
  readonly mayMakeTemporaryTables: boolean;
  /** In schema public; null when there is none. */
  readonly mayCreateInPublic: boolean | null;
  readonly state: 'none' | 'usable' | 'closed';
  readonly vector: {
    /** What CREATE EXTENSION brings; null = nothing. */
    readonly available: string | null;
    readonly installed: string | null;
    readonly schema: string | null;
    readonly mayUseSchema: boolean;
    readonly trusted: boolean;
  };
  /** In bytes. */
  readonly sharedBuffers: number;
  readonly maxWalSize: number;
}

/** One question. Servers older than 13 do not know all that is asked. */
export async function readServerFacts(target: Target): Promise<ServerFacts> {
  const row = (await target.query(factsQuery)).rows[0] ?? {};
  const text = (name: string): string | null => (row[name] as string | null) ?? null;
  const yes = (name: string): boolean => row[name] === true;
  return {
    user: text('user_name') ?? '',
    database: text('database') ?? '',
    versionText: text('version') ?? '',
    standby: yes('standby'),
    readOnlyByDefault: text('read_only') === 'on',
    encoding: text('encoding') ?? '',
    bytes: Number(row['bytes']),
    superuser: yes('superuser'),
    mayCreateSchemas: yes('create_schemas'),
    mayMakeTemporaryTables: yes('temporary_tables'),
    mayCreateInPublic: (row['create_in_public'] as boolean | null) ?? null,
    state: row['use_state'] === null || row['use_state'] === undefined ? 'none' : yes('use_state') ? 'usable' : 'closed',
    vector: {
      available: text('vector_available'),
      installed: text('vector_installed'),
      schema: text('vector_schema'),
      mayUseSchema: yes('use_vector_schema'),
      trusted: yes('vector_trusted'),
    },
    sharedBuffers: Number(row['shared_buffers']) * 8192,
    maxWalSize: Number(row['max_wal_size']) * 1024 * 1024,
  };
}

/** Sizes: shared_buffers is in blocks, max_wal_size in MB. */
const factsQuery = `
SELECT current_user AS user_name, current_database() AS database, version() AS version, pg_catalog.pg_is_in_recovery() AS standby,
  (SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'default_transaction_read_only') AS read_only,
  pg_catalog.pg_encoding_to_char(db.encoding) AS encoding, pg_catalog.pg_database_size(db.oid)::text AS bytes,
  login.rolsuper AS superuser,
  has_database_privilege(db.oid, 'CREATE') AS create_schemas, has_database_privilege(db.oid, 'TEMPORARY') AS temporary_tables,
  has_schema_privilege(to_regnamespace('public'), 'CREATE') AND has_schema_privilege(to_regnamespace('public'), 'USAGE') AS create_in_public,
  has_schema_privilege(to_regnamespace('sluice'), 'USAGE') AS use_state,
  (SELECT default_version FROM pg_catalog.pg_available_extensions WHERE name = 'vector') AS vector_available,
  vector.extversion AS vector_installed, home.nspname AS vector_schema, has_schema_privilege(home.oid, 'USAGE') AS use_vector_schema,
  (SELECT bool_or(trusted) FROM pg_catalog.pg_available_extension_versions WHERE name = 'vector') AS vector_trusted,
  (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'shared_buffers') AS shared_buffers,
  (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'max_wal_size') AS max_wal_size
FROM pg_catalog.pg_database AS db
JOIN pg_catalog.pg_roles AS login ON login.rolname = current_user
LEFT JOIN pg_catalog.pg_extension AS vector ON vector.extname = 'vector'
LEFT JOIN pg_catalog.pg_namespace AS home ON home.oid = vector.extnamespace
WHERE db.datname = current_database()`;
