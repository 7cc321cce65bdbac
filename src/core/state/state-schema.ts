import type { TargetSession } from '../target/target.ts';
import { MigrationError } from '../errors.ts';

/** Version of the tables below; a newer one in a target means a newer Sluice wrote there. */
const stateVersion = 1;

/**
 * Everything that Sluice keeps in a target lives in schema `sluice`: no secret and no connection string, row values only in `reject`.
 * `checkpoint` is written in the transaction of the rows it speaks of.
 */
const statements = [
  'CREATE SCHEMA sluice',
  'CREATE TABLE sluice.state_version (version integer NOT NULL)',
  `INSERT INTO sluice.state_version VALUES (${stateVersion})`,
  `CREATE TABLE sluice.run (
    run_id text PRIMARY KEY,
    epoch integer NOT NULL,
    plan_name text NOT NULL,
    plan_hash text NOT NULL,
    plan_text text NOT NULL,
    overrides jsonb NOT NULL,
    sources jsonb NOT NULL,
    status text NOT NULL,
    phase text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    engine_version text NOT NULL,
    created_schema boolean NOT NULL,
    result jsonb,
    error jsonb)`,
  `CREATE TABLE sluice.run_table (
    run_id text NOT NULL REFERENCES sluice.run ON DELETE CASCADE,
    ordinal integer NOT NULL,
    table_label text NOT NULL,
    source text NOT NULL,
    source_table text NOT NULL,
    PRIMARY KEY (run_id, table_label))`,
  `CREATE TABLE sluice.checkpoint (
    run_id text NOT NULL,
    table_label text NOT NULL,
    chunk integer NOT NULL,
    epoch integer NOT NULL,
    range_after text,
    range_up_to text,
    position text,
    done boolean NOT NULL DEFAULT false,
    rows_read bigint NOT NULL DEFAULT 0,
    rows_written bigint NOT NULL DEFAULT 0,
    rows_rejected bigint NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    milliseconds bigint NOT NULL DEFAULT 0,
    counts jsonb NOT NULL DEFAULT '{}',
    content_hash bytea,
    PRIMARY KEY (run_id, table_label, chunk),
    FOREIGN KEY (run_id, table_label) REFERENCES sluice.run_table ON DELETE CASCADE)`,
  `CREATE TABLE sluice.reject (
    reject_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id text NOT NULL REFERENCES sluice.run ON DELETE CASCADE,
    table_label text NOT NULL,
    provenance text NOT NULL,
    column_name text,
    code text NOT NULL,
    message text NOT NULL,
    raw_value bytea,
    retried_in text)`,
  'CREATE INDEX ON sluice.reject (run_id, table_label)',
  `CREATE TABLE sluice.created_object (
    run_id text NOT NULL REFERENCES sluice.run ON DELETE CASCADE,
    ordinal integer NOT NULL,
    kind text NOT NULL,
    schema_name text,
    table_name text,
    name text NOT NULL,
    state text NOT NULL,
    PRIMARY KEY (run_id, ordinal))`,
];

/** Creates schema `sluice` on first use; true when it did. Refuses a schema that a newer version made. */
export async function ensureStateSchema(session: TargetSession): Promise<boolean> {
  const version = await readStateVersion(session);
  if (version === null) {
    for (const sql of statements) await session.query(sql);
    return true;
  }
  if (version > stateVersion) throw new MigrationError('state-too-new', { context: { version, supported: stateVersion } });
  return false;
}

/** null when the target has no state of Sluice. */
export async function readStateVersion(session: TargetSession): Promise<number | null> {
  const found = await session.query(
    "SELECT to_regclass('sluice.state_version') IS NOT NULL AS present, to_regnamespace('sluice') IS NOT NULL AS taken",
  );
  const row = found.rows[0];
  if (row?.['present'] !== true) {
    if (row?.['taken'] === true) throw new MigrationError('state-schema-foreign');
    return null;
  }
  const version = await session.query('SELECT version FROM sluice.state_version');
  return Number(version.rows[0]?.['version'] ?? 0);
}

export async function dropStateSchema(session: TargetSession): Promise<void> {
  await session.query('DROP SCHEMA sluice CASCADE');
}
