import { isUtf8 } from 'node:buffer';
import { MigrationError } from '../errors.ts';
import type { Reject } from '../model/run.ts';
import type { TargetSession } from '../target/target.ts';
import type { Fence } from './checkpoint-store.ts';

/** A row that was turned away, with its original bytes. */
export interface RejectRecord {
  readonly provenance: string;
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
  /** Of the column, or the whole row in words where no column is to blame; null when values are redacted, or for NULL. */
  readonly value: Uint8Array | null;
}

/** A row that is still turned away. */
export interface OpenReject {
  readonly id: string;
  readonly provenance: string;
}

/** Rejects of rows that can be converted: a second reading must leave them out by their place. */
const convertedCodes = `('server-refused', 'key-violated', 'orphan')`;

/** Bytes of an original beyond which it travels alone, as bytes: what JSON can hold in PostgreSQL ends at 256 MB. */
const largeValue = 4 << 20;

/** Writes rejects inside the caller's transaction, all in one statement unless an original is large. */
export async function insertRejects(session: TargetSession, runId: string, table: string, rejects: readonly RejectRecord[]): Promise<void> {
  if (rejects.length === 0) return;
  for (const { provenance, column, code, message, value } of rejects.filter(isLarge))
    await session.query(
      'INSERT INTO sluice.reject (run_id, table_label, provenance, column_name, code, message, raw_value) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [runId, table, withoutNul(provenance), column, code, withoutNul(message), value],
    );
  await session.query(
    `INSERT INTO sluice.reject (run_id, table_label, provenance, column_name, code, message, raw_value)
     SELECT $1, $2, p, c, k, m, decode(v, 'hex') FROM jsonb_to_recordset($3::text::jsonb) AS r(p text, c text, k text, m text, v text)`,
    [runId, table, JSON.stringify(rejects.filter((reject) => !isLarge(reject)).map(toRejectColumns))],
  );
}

/**
 * Throws `too-many-rejects` when the run has more than `limit` with those just written, so that their transaction is taken back: no reject beyond the
 * limit is ever committed. Transactions with rejects wait for each other here.
 */
export async function refuseTooManyRejects(
  session: TargetSession,
  runId: string,
  table: string,
  written: readonly RejectRecord[],
  limit: number | null,
): Promise<void> {
  if (limit === null || written.length === 0) return;
  await session.query('SELECT 1 FROM sluice.run WHERE run_id = $1 FOR NO KEY UPDATE', [runId]);
  const counted = await session.query('SELECT count(*) AS rejects FROM sluice.reject WHERE run_id = $1 AND retried_in IS NULL', [runId]);
  const rejects = Number(counted.rows[0]?.['rejects']);
  if (rejects <= limit) return;
  const examples = written
    .slice(0, 3)
    .map(({ provenance, column, message }) => `${table}, ${provenance}${column === null ? '' : `, ${column}`}: ${message}`);
  throw new MigrationError('too-many-rejects', { context: { rejects, limit, table, examples } });
}

export interface RejectPage {
  /** Of this table only. */
  readonly table?: string;
  readonly offset?: number;
  /** null = all. */
  readonly limit: number | null;
  /** Bytes of a value to read; what is longer is cut and says how long it is. */
  readonly mostBytes?: number;
}

/** Rows of a run that are still turned away, in the order they were written. */
export async function readRejects(session: TargetSession, runId: string, page: RejectPage): Promise<readonly Reject[]> {
  const found = await session.query(
    `SELECT table_label, provenance, column_name, code, message, substring(raw_value FROM 1 FOR $5::text::int) AS raw_value, octet_length(raw_value) AS bytes
       FROM sluice.reject WHERE run_id = $1 AND retried_in IS NULL AND ($2::text IS NULL OR table_label = $2)
      ORDER BY reject_id LIMIT $3::text::bigint OFFSET $4::text::bigint`,
    [
      runId,
      page.table ?? null,
      page.limit === null ? null : String(page.limit),
      String(page.offset ?? 0),
      String(page.mostBytes ?? 0x7fff_ffff),
    ],
  );
  return found.rows.map(toReject);
}

/** Rejects of each table that are still open, in the order they were written; tables without any are left out. */
export async function readOpenRejects(session: TargetSession, runId: string): Promise<ReadonlyMap<string, readonly OpenReject[]>> {
  const found = await session.query(
    'SELECT reject_id, table_label, provenance FROM sluice.reject WHERE run_id = $1 AND retried_in IS NULL ORDER BY reject_id',
    [runId],
  );
  return byTable(found.rows, (row) => ({ id: String(row['reject_id']), provenance: String(row['provenance']) }));
}

/** Where the rows came from that passed conversion and are not in the target, by table: a second reading must leave them out by place. */
export async function readRefusedPlaces(session: TargetSession, runId: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await session.query(
    `SELECT table_label, provenance FROM sluice.reject WHERE run_id = $1 AND retried_in IS NULL AND code IN ${convertedCodes}`,
    [runId],
  );
  return byTable(found.rows, (row) => String(row['provenance']));
}

/** Marks rejects whose rows went in. Throws `fenced` when one of them is not open any more: then another process wrote its row. */
export async function closeRejects(session: TargetSession, fence: Fence, ids: readonly string[]): Promise<void> {
  const closed = await session.query(
    'UPDATE sluice.reject SET retried_in = $2 WHERE run_id = $1 AND reject_id = ANY ($3::text[]::bigint[]) AND retried_in IS NULL',
    [fence.runId, `${fence.runId} attempt ${fence.epoch}`, ids],
  );
  if (closed.rowCount !== ids.length) throw new MigrationError('fenced', { context: { runId: fence.runId } });
}

export interface RejectCount {
  readonly table: string;
  readonly rejects: number;
  readonly retried: number;
  readonly source: string;
  /** Table in the source. */
  readonly from: string;
}

/** Rejects of each table, those that are open and those whose rows went in later; tables without any are left out. */
export async function countRejects(session: TargetSession, runId: string): Promise<readonly RejectCount[]> {
  const found = await session.query(
    `SELECT table_label, source, source_table, count(*) FILTER (WHERE retried_in IS NULL) AS rejects, count(retried_in) AS retried
       FROM sluice.reject JOIN sluice.run_table USING (run_id, table_label) WHERE run_id = $1
      GROUP BY table_label, source, source_table, ordinal ORDER BY ordinal`,
    [runId],
  );
  return found.rows.map((row) => ({
    table: String(row['table_label']),
    rejects: Number(row['rejects']),
    retried: Number(row['retried']),
    source: String(row['source']),
    from: String(row['source_table']),
  }));
}

/** How many of these rejects are still open. */
export async function countOpen(session: TargetSession, runId: string, ids: readonly string[]): Promise<number> {
  const found = await session.query(
    'SELECT count(*) AS rejects FROM sluice.reject WHERE run_id = $1 AND reject_id = ANY ($2::text[]::bigint[]) AND retried_in IS NULL',
    [runId, ids],
  );
  return Number(found.rows[0]?.['rejects']);
}

/** Says anew why rows are turned away. */
export async function refreshRejects(
  session: TargetSession,
  runId: string,
  rejects: readonly (RejectRecord & { readonly id: string })[],
): Promise<void> {
  if (rejects.length === 0) return;
  for (const { id, column, code, message, value } of rejects.filter(isLarge))
    await session.query(
      'UPDATE sluice.reject SET column_name = $3, code = $4, message = $5, raw_value = $6 WHERE run_id = $1 AND reject_id = $2::text::bigint AND retried_in IS NULL',
      [runId, id, column, code, withoutNul(message), value],
    );
  await session.query(
    `UPDATE sluice.reject AS old SET column_name = c, code = k, message = m, raw_value = decode(v, 'hex')
       FROM jsonb_to_recordset($2::text::jsonb) AS r(i text, p text, c text, k text, m text, v text)
      WHERE old.run_id = $1 AND old.reject_id = i::bigint AND old.retried_in IS NULL`,
    [runId, JSON.stringify(rejects.filter((reject) => !isLarge(reject)).map((reject) => ({ i: reject.id, ...toRejectColumns(reject) })))],
  );
}

export function toRejectColumns({
  provenance,
  column,
  code,
  message,
  value,
}: RejectRecord): Readonly<Record<'p' | 'c' | 'k' | 'm' | 'v', string | null>> {
  return {
    p: withoutNul(provenance),
    c: column,
    k: code,
    m: withoutNul(message),
    v: value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex'),
  };
}

function toReject(row: Record<string, unknown>): Reject {
  const bytes = row['raw_value'] instanceof Uint8Array ? Buffer.from(row['raw_value']) : null;
  const all = Number(row['bytes'] ?? 0);
  return {
    table: String(row['table_label']),
    provenance: String(row['provenance']),
    column: row['column_name'] === null ? null : String(row['column_name']),
    code: String(row['code']),
    message: String(row['message']),
    value: bytes === null ? null : originalText(bytes, bytes.length < all),
    ...(bytes !== null && bytes.length < all ? { valueBytes: all } : {}),
  };
}

/** Text where the bytes are text, else `\x` and their hexadecimal digits. A cut text may end in the middle of a character. */
function originalText(bytes: Buffer, cut: boolean): string {
  const most = cut ? 3 : 0;
  for (let less = 0; less <= most && less <= bytes.length; less++) {
    const head = bytes.subarray(0, bytes.length - less);
    if (isUtf8(head)) return head.toString('utf8');
  }
  return `\\x${bytes.toString('hex')}`;
}

function byTable<T>(
  rows: readonly Record<string, unknown>[],
  read: (row: Record<string, unknown>) => T,
): ReadonlyMap<string, readonly T[]> {
  const tables = new Map<string, T[]>();
  for (const row of rows) {
    const table = String(row['table_label']);
    const list = tables.get(table) ?? [];
    list.push(read(row));
    tables.set(table, list);
  }
  return tables;
}

function isLarge({ value }: RejectRecord): boolean {
  return value !== null && value.byteLength > largeValue;
}

export function withoutNul(text: string): string {
  return text.replaceAll('\0', '\u2400');
}
