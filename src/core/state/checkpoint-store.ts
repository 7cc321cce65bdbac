import { MigrationError } from '../errors.ts';
import type { Cursor, KeyRange } from '../model/row-batch.ts';
import type { TargetSession } from '../target/target.ts';

/** How far one key range of one table has come. Counts are totals since the range began, over all resumes. */
export interface Checkpoint {
  readonly table: string;
  readonly chunk: number;
  readonly range: KeyRange;
  /** Behind the last row that is committed; null before the first. */
  readonly position: Cursor | null;
  readonly done: boolean;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly rowsRejected: number;
  readonly bytes: number;
  readonly milliseconds: number;
  /** Counted changes of values by column, e.g. rounded or emptied ones. */
  readonly counts: Readonly<Record<string, number>>;
  /** BucketSums of the rows written so far; null before the first chunk. */
  readonly contentHash: Uint8Array | null;
}

/** Who may move a checkpoint. */
export interface Fence {
  readonly runId: string;
  readonly epoch: number;
}

export async function insertRanges(session: TargetSession, fence: Fence, table: string, ranges: readonly KeyRange[]): Promise<void> {
  for (const [chunk, range] of ranges.entries()) {
    await session.query(
      'INSERT INTO sluice.checkpoint (run_id, table_label, chunk, epoch, range_after, range_up_to) VALUES ($1, $2, $3, $4, $5, $6)',
      [fence.runId, table, chunk, fence.epoch, range.after ?? null, range.upTo ?? null],
    );
  }
}

/**
 * Moves a checkpoint inside the caller's transaction. It moves only from exactly the position the caller saw, and only for the holder of the run:
 * otherwise the chunk is somebody else's and its transaction must not commit (`fenced`).
 */
export async function moveCheckpoint(session: TargetSession, fence: Fence, previous: Cursor | null, next: Checkpoint): Promise<void> {
  const moved = await session.query(
    `UPDATE sluice.checkpoint SET position = $5, done = $6, rows_read = $7, rows_written = $8, rows_rejected = $9, bytes = $10, milliseconds = $11,
       counts = $12::text::jsonb, content_hash = $13
     WHERE run_id = $1 AND table_label = $2 AND chunk = $3 AND epoch = $4 AND position IS NOT DISTINCT FROM $14 AND NOT done`,
    [
      fence.runId,
      next.table,
      next.chunk,
      fence.epoch,
      next.position,
      next.done,
      next.rowsRead,
      next.rowsWritten,
      next.rowsRejected,
      next.bytes,
      next.milliseconds,
      JSON.stringify(next.counts),
      next.contentHash,
      previous,
    ],
  );
  if (moved.rowCount !== 1) throw new MigrationError('fenced', { context: { runId: fence.runId, table: next.table } });
}

/** What changes in a table whose ranges are done: rows that go in after all, or that are taken out again. */
export interface Adjustment {
  /** Rows that were not counted as read while they waited. */
  readonly rowsRead: number;
  /** Negative when rows are taken out. */
  readonly rowsWritten: number;
  readonly rowsRejected: number;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly counts: Readonly<Record<string, number>>;
  /** BucketSums of the rows that go in; of what is taken out, subtracted. */
  readonly contentHash: Uint8Array;
}

/**
 * Writes an adjustment as one more chunk of its table inside the caller's transaction: rows read stay what is written and rejected. Throws `fenced` when the run is somebody else's by now.
 */
export async function insertAdjustment(session: TargetSession, fence: Fence, table: string, change: Adjustment): Promise<void> {
  await requireHeld(session, fence, table);
  await session.query(
    `INSERT INTO sluice.checkpoint (run_id, table_label, chunk, epoch, done, rows_written, rows_rejected, bytes, milliseconds, counts, content_hash, rows_read)
     SELECT $1, $2, COALESCE(max(chunk), -1) + 1, $3, true, $4, $5, $6, $7, $8::text::jsonb, $9, $10 FROM sluice.checkpoint WHERE run_id = $1 AND table_label = $2`,
    [
      fence.runId,
      table,
      fence.epoch,
      change.rowsWritten,
      change.rowsRejected,
      change.bytes,
      change.milliseconds,
      JSON.stringify(change.counts),
      change.contentHash,
      change.rowsRead,
    ],
  );
}

/** Throws `fenced` when the run is somebody else's by now; who holds it keeps it until the transaction ends. `table`: for the message. */
export async function requireHeld(session: TargetSession, fence: Fence, table: string | null): Promise<void> {
  const held = await session.query('SELECT 1 FROM sluice.run WHERE run_id = $1 AND epoch = $2 FOR NO KEY UPDATE', [
    fence.runId,
    fence.epoch,
  ]);
  if (held.rowCount === 1) return;
  throw new MigrationError('fenced', { context: { runId: fence.runId, ...(table === null ? {} : { table }) } });
}

/** One sum for a whole table in the place of those of its chunks. */
export async function replaceSums(session: TargetSession, runId: string, table: string, contentHash: Uint8Array): Promise<void> {
  await session.query(
    `UPDATE sluice.checkpoint SET content_hash = CASE WHEN chunk = (SELECT min(chunk) FROM sluice.checkpoint WHERE run_id = $1 AND table_label = $2) THEN $3::bytea END
      WHERE run_id = $1 AND table_label = $2`,
    [runId, table, contentHash],
  );
}

export async function readCheckpoint(session: TargetSession, runId: string, table: string, chunk: number): Promise<Checkpoint | null> {
  const found = await session.query(`${select} AND table_label = $2 AND chunk = $3`, [runId, table, chunk]);
  return found.rows[0] === undefined ? null : toCheckpoint(found.rows[0]);
}

export async function readCheckpoints(session: TargetSession, runId: string): Promise<readonly Checkpoint[]> {
  const found = await session.query(`${select} ORDER BY table_label, chunk`, [runId]);
  return found.rows.map(toCheckpoint);
}

export interface CommittedRows {
  readonly rowsWritten: number;
  readonly rowsRejected: number;
}

/** What each run has committed so far, by its id. */
export async function sumCheckpoints(session: TargetSession): Promise<ReadonlyMap<string, CommittedRows>> {
  const found = await session.query(
    'SELECT run_id, sum(rows_written) AS rows_written, sum(rows_rejected) AS rows_rejected FROM sluice.checkpoint GROUP BY run_id',
  );
  return new Map(
    found.rows.map((row) => [
      String(row['run_id']),
      { rowsWritten: Number(row['rows_written']), rowsRejected: Number(row['rows_rejected']) },
    ]),
  );
}

const select = `SELECT table_label, chunk, range_after, range_up_to, position, done, rows_read, rows_written, rows_rejected, bytes, milliseconds,
  counts::text AS counts, content_hash FROM sluice.checkpoint WHERE run_id = $1`;

function toCheckpoint(row: Record<string, unknown>): Checkpoint {
  return {
    table: String(row['table_label']),
    chunk: Number(row['chunk']),
    range: {
      ...(row['range_after'] === null ? {} : { after: String(row['range_after']) }),
      ...(row['range_up_to'] === null ? {} : { upTo: String(row['range_up_to']) }),
    },
    position: row['position'] === null ? null : String(row['position']),
    done: row['done'] === true,
    rowsRead: Number(row['rows_read']),
    rowsWritten: Number(row['rows_written']),
    rowsRejected: Number(row['rows_rejected']),
    bytes: Number(row['bytes']),
    milliseconds: Number(row['milliseconds']),
    counts: JSON.parse(String(row['counts'])) as Record<string, number>,
    contentHash: row['content_hash'] instanceof Uint8Array ? row['content_hash'] : null,
  };
}
