import type { TargetSession } from '../target/target.ts';
import { MigrationError } from '../errors.ts';

/** Version of the tables below; a newer one in a target means a newer Sluice wrote there. An older one is brought up to it by `upgrades`. */
const stateVersion = 5;

/**
 * Everything that Sluice keeps in a target lives in schema `sluice`: no secret and no connection string, row values only in `reject`, `undo` and `held`.
 * `checkpoint` is written in the transaction of the rows it speaks of.
 */
const firstVersion = [
  'CREATE SCHEMA sluice',
  'CREATE TABLE sluice.state_version (version integer NOT NULL)',
  'INSERT INTO sluice.state_version VALUES (1)',
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

/**
 * What each later version adds, from version 2 on.
 * Version 2: what was there before a run, and what the run wrote into it. `undo` has a row for each row that was written (`digest` of the row as
 * written; `before` is null when there was none) or deleted (`digest` is null). It has no foreign key to `run`, which would be checked for every row.
 * Version 3: rows that wait for their parents, encoded, with the reject that they become if these never come.
 * Version 4: what mode `sync` knows of the rows of a table (docs/adr/0033): the latest entry of a key counts, so that a run is rolled back by taking its
 * entries out.
 * Version 5: from which value on a run of mode `sync` reads a table by its watermark, and from which the next one may (`reached`, once the run is
 * completed); and the keys of the rows that it reads, until they are compared.
 */
const upgrades = [
  [
    `CREATE TABLE sluice.existing_object (
      run_id text NOT NULL REFERENCES sluice.run ON DELETE CASCADE,
      label text NOT NULL,
      is_table boolean NOT NULL,
      undo boolean NOT NULL,
      columns text[] NOT NULL,
      key text[] NOT NULL,
      emptied boolean NOT NULL DEFAULT false,
      PRIMARY KEY (run_id, label))`,
    `CREATE TABLE sluice.undo (
      run_id text NOT NULL,
      table_label text NOT NULL,
      ordinal bigint GENERATED ALWAYS AS IDENTITY,
      key text[],
      key_digest bytea,
      before text[],
      digest bytea)`,
    // No row is written twice by one run. A row without a key has no digest of one, and any number of those is allowed.
    'CREATE UNIQUE INDEX undo_written_once ON sluice.undo (run_id, table_label, key_digest) WHERE digest IS NOT NULL',
  ],
  [
    `CREATE TABLE sluice.held (
      held_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      run_id text NOT NULL REFERENCES sluice.run ON DELETE CASCADE,
      table_label text NOT NULL,
      tuple bytea NOT NULL,
      changes jsonb NOT NULL,
      provenance text NOT NULL,
      column_name text,
      code text NOT NULL,
      message text NOT NULL,
      raw_value bytea)`,
    'CREATE INDEX ON sluice.held (run_id, table_label, held_id)',
  ],
  [
    `CREATE TABLE sluice.sync_table (
      sync_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      plan_name text NOT NULL,
      table_label text NOT NULL,
      UNIQUE (plan_name, table_label))`,
    `CREATE TABLE sluice.row_hash (
      ordinal bigint GENERATED ALWAYS AS IDENTITY,
      sync_id integer NOT NULL,
      run_id text NOT NULL,
      key bytea NOT NULL,
      hash bytea,
      state text NOT NULL CHECK (state IN ('equal', 'behind', 'waiting', 'gone', 'deleted')),
      PRIMARY KEY (sync_id, key, ordinal))`,
  ],
  [
    `CREATE TABLE sluice.watermark (
      ordinal bigint GENERATED ALWAYS AS IDENTITY,
      sync_id integer NOT NULL,
      run_id text NOT NULL REFERENCES sluice.run ON DELETE CASCADE,
      binding text NOT NULL,
      since text,
      highest text,
      reached text,
      relation oid,
      PRIMARY KEY (sync_id, run_id))`,
    `CREATE TABLE sluice.read_key (
      run_id text NOT NULL,
      sync_id integer NOT NULL,
      key bytea NOT NULL,
      texts text[] NOT NULL,
      PRIMARY KEY (run_id, sync_id, key))`,
  ],
];

/** Creates schema `sluice` on first use, and brings one of an older version up to date; true when it was created. Refuses one that a newer version made. */
export async function ensureStateSchema(session: TargetSession): Promise<boolean> {
  const version = await readStateVersion(session);
  if (version !== null && version > stateVersion)
    throw new MigrationError('state-too-new', { context: { version, supported: stateVersion } });
  if (version === null) for (const sql of firstVersion) await session.query(sql);
  for (const sql of upgrades.slice((version ?? 1) - 1).flat()) await session.query(sql);
  if (version !== stateVersion) await session.query(`UPDATE sluice.state_version SET version = ${stateVersion}`);
  return version === null;
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
