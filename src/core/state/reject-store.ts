import type { Reject } from '../model/run.ts';
import type { TargetSession } from '../target/target.ts';

/** A row that was turned away, with its original bytes. */
export interface RejectRecord {
  readonly provenance: string;
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
  /** null when values are redacted or the whole row was refused. */
  readonly value: Uint8Array | null;
}

/** Writes rejects inside the caller's transaction, in one statement. */
export async function insertRejects(session: TargetSession, runId: string, table: string, rejects: readonly RejectRecord[]): Promise<void> {
  if (rejects.length === 0) return;
  const rows = rejects.map((reject) => ({
    p: withoutNul(reject.provenance),
    c: reject.column,
    k: reject.code,
    m: withoutNul(reject.message),
    v: reject.value === null ? null : Buffer.from(reject.value.buffer, reject.value.byteOffset, reject.value.byteLength).toString('hex'),
  }));
  await session.query(
    `INSERT INTO sluice.reject (run_id, table_label, provenance, column_name, code, message, raw_value)
     SELECT $1, $2, p, c, k, m, decode(v, 'hex') FROM jsonb_to_recordset($3::text::jsonb) AS r(p text, c text, k text, m text, v text)`,
    [runId, table, JSON.stringify(rows)],
  );
}

/** Rejects of a run in the order they were written; `limit` null = all. */
export async function readRejects(session: TargetSession, runId: string, limit: number | null): Promise<readonly Reject[]> {
  const found = await session.query(
    `SELECT table_label, provenance, column_name, code, message, raw_value FROM sluice.reject WHERE run_id = $1 ORDER BY reject_id LIMIT $2::text::bigint`,
    [runId, limit === null ? null : String(limit)],
  );
  return found.rows.map((row) => ({
    table: String(row['table_label']),
    provenance: String(row['provenance']),
    column: row['column_name'] === null ? null : String(row['column_name']),
    code: String(row['code']),
    message: String(row['message']),
    value: row['raw_value'] instanceof Uint8Array ? Buffer.from(row['raw_value']).toString('utf8') : null,
  }));
}

/** Where the rows that the *server* refused came from, by table: they passed conversion, so a second reading must leave them out by place. */
export async function readRefusedPlaces(session: TargetSession, runId: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await session.query(`SELECT table_label, provenance FROM sluice.reject WHERE run_id = $1 AND code = 'server-refused'`, [
    runId,
  ]);
  const places = new Map<string, string[]>();
  for (const row of found.rows) {
    const table = String(row['table_label']);
    const list = places.get(table) ?? [];
    list.push(String(row['provenance']));
    places.set(table, list);
  }
  return places;
}

function withoutNul(text: string): string {
  return text.replaceAll('\0', '\u2400');
}
