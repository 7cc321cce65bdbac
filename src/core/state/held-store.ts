import type { TargetSession } from '../target/target.ts';
import { toRejectColumns, withoutNul, type RejectRecord } from './reject-store.ts';

/** A row that waits for its parent: its binary tuple, and the reject that it becomes if the parent never comes. */
export interface HeldRow {
  readonly tuple: Uint8Array;
  readonly reject: RejectRecord;
  /** Changes of its values, by "column: change". */
  readonly changes: Readonly<Record<string, number>>;
}

/** Bytes of a row beyond which it travels alone, as bytes. */
const largeRow = 4 << 20;

/** Keeps rows inside the caller's transaction, in order. */
export async function insertHeldRows(session: TargetSession, runId: string, table: string, rows: readonly HeldRow[]): Promise<void> {
  let small: HeldRow[] = [];
  const flush = async (): Promise<void> => {
    if (small.length > 0)
      await session.query(
        `INSERT INTO sluice.held (run_id, table_label, tuple, changes, provenance, column_name, code, message, raw_value)
         SELECT $1, $2, decode(t, 'hex'), h, p, c, k, m, decode(v, 'hex')
           FROM ROWS FROM (jsonb_to_recordset($3::text::jsonb) AS (t text, h jsonb, p text, c text, k text, m text, v text)) WITH ORDINALITY AS r(t, h, p, c, k, m, v, place) ORDER BY place`,
        [
          runId,
          table,
          JSON.stringify(small.map(({ tuple, changes, reject }) => ({ t: hex(tuple), h: changes, ...toRejectColumns(reject) }))),
        ],
      );
    small = [];
  };
  for (const row of rows) {
    if (row.tuple.byteLength + (row.reject.value?.byteLength ?? 0) <= largeRow) {
      small.push(row);
      continue;
    }
    await flush();
    const { provenance, column, code, message, value } = row.reject;
    await session.query(
      'INSERT INTO sluice.held (run_id, table_label, tuple, changes, provenance, column_name, code, message, raw_value) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [runId, table, row.tuple, JSON.stringify(row.changes), withoutNul(provenance), column, code, withoutNul(message), value],
    );
  }
  await flush();
}

/** Rows that wait, by table; tables without any are left out. */
export async function countHeld(session: TargetSession, runId: string, tables: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const found = await session.query(
    'SELECT table_label, count(*) AS rows FROM sluice.held WHERE run_id = $1 AND table_label = ANY ($2::text[]) GROUP BY table_label',
    [runId, tables],
  );
  return new Map(found.rows.map((row) => [String(row['table_label']), Number(row['rows'])]));
}

/** Changes of values in the rows of a table that still wait. */
export async function sumHeldChanges(session: TargetSession, runId: string, table: string): Promise<Readonly<Record<string, number>>> {
  const found = await session.query(
    `SELECT name, sum(times::bigint) AS times FROM sluice.held, jsonb_each_text(changes) AS change(name, times)
      WHERE run_id = $1 AND table_label = $2 GROUP BY name ORDER BY name COLLATE "C"`,
    [runId, table],
  );
  return Object.fromEntries(found.rows.map((row) => [String(row['name']), Number(row['times'])]));
}

export interface HeldTuple {
  readonly id: bigint;
  readonly tuple: Uint8Array;
}

/** Rows read at once, and bytes after which a page ends. */
const pageRows = 5_000;
const pageBytes = 4 << 20;

/** The next rows of a table behind row `after`, in order; empty at the end. */
export async function readHeldPage(session: TargetSession, runId: string, table: string, after: bigint): Promise<readonly HeldTuple[]> {
  const { rows } = await session.query(
    `SELECT held_id, tuple
       FROM (SELECT held_id, tuple, sum(octet_length(tuple)) OVER (ORDER BY held_id) - octet_length(tuple) AS before
               FROM (SELECT held_id, tuple FROM sluice.held WHERE run_id = $1 AND table_label = $2 AND held_id > $3::text::bigint ORDER BY held_id LIMIT ${pageRows}) AS next) AS page
      WHERE before < ${pageBytes} ORDER BY held_id`,
    [runId, table, String(after)],
  );
  return rows.map((row) => ({ id: BigInt(String(row['held_id'])), tuple: row['tuple'] as Uint8Array }));
}

/** The first few rows of a table that pg_temp.sluice_left_out names, as rejects without their values; `place`: of the table there. */
export async function firstLeftOut(session: TargetSession, runId: string, table: string, place: number): Promise<readonly RejectRecord[]> {
  const { rows } = await session.query(
    `SELECT h.provenance, h.column_name, h.code, coalesce(l.message, h.message) AS message ${leftOut} ORDER BY h.held_id LIMIT 3`,
    [runId, table, place],
  );
  return rows.map((row) => ({
    provenance: String(row['provenance']),
    column: row['column_name'] === null ? null : String(row['column_name']),
    code: String(row['code']),
    message: String(row['message']),
    value: null,
  }));
}

/** Makes them rejects; returns their number. They do not wait any more. */
export async function rejectLeftOut(session: TargetSession, runId: string, table: string, place: number): Promise<number> {
  const { rowCount } = await session.query(
    `INSERT INTO sluice.reject (run_id, table_label, provenance, column_name, code, message, raw_value)
     SELECT h.run_id, h.table_label, h.provenance, h.column_name, h.code, coalesce(l.message, h.message), h.raw_value ${leftOut} ORDER BY h.held_id`,
    [runId, table, place],
  );
  if (rowCount > 0)
    await session.query(
      'DELETE FROM sluice.held AS h USING pg_temp.sluice_left_out AS l WHERE l.row = h.held_id AND h.run_id = $1 AND h.table_label = $2 AND l.place = $3',
      [runId, table, place],
    );
  return rowCount;
}

const leftOut = `FROM sluice.held AS h JOIN pg_temp.sluice_left_out AS l ON l.row = h.held_id
  WHERE h.run_id = $1 AND h.table_label = $2 AND l.place = $3`;

/** Nothing of the run, or of these tables of it, waits any more; also in a target that an older Sluice made. */
export async function forgetHeldRows(session: TargetSession, runId: string, tables: readonly string[] | null = null): Promise<void> {
  const known = await session.query("SELECT to_regclass('sluice.held') IS NOT NULL AS known");
  if (known.rows[0]?.['known'] !== true) return;
  await session.query('DELETE FROM sluice.held WHERE run_id = $1 AND ($2::text[] IS NULL OR table_label = ANY ($2::text[]))', [
    runId,
    tables,
  ]);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
