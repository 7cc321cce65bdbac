import { readWatermark, writeWatermark, type FoundWatermark, type Watermark } from '../model/watermark.ts';
import { quoteTable, type SqlTableName } from '../sql/table-name.ts';
import type { TargetSession } from '../target/target.ts';

/** A table that a plan syncs by a watermark. */
export interface WatermarkedTable {
  /** Name of the plan. */
  readonly plan: string;
  readonly label: string;
  readonly to: SqlTableName;
}

const isSyncOf = 's.plan_name = $1 AND s.table_label = $2';

/**
 * From which value on the next run may read: where the last completed run that stands has come to; null when there is none, when the rows were read in
 * another way (`binding`), or when the table is another one by now.
 */
export async function readReached(
  session: TargetSession,
  { plan, label, to }: WatermarkedTable,
  binding: string,
): Promise<Watermark | null> {
  if (!(await hasWatermarks(session))) return null;
  const { rows } = await session.query(
    `SELECT w.reached FROM sluice.watermark AS w JOIN sluice.sync_table AS s USING (sync_id) JOIN sluice.run AS r USING (run_id)
      WHERE ${isSyncOf} AND r.status IN ('done', 'partial') AND w.relation = to_regclass($3)::oid AND w.binding = $4
        AND NOT EXISTS (SELECT FROM sluice.watermark AS later JOIN sluice.run AS l USING (run_id)
                         WHERE later.sync_id = w.sync_id AND later.ordinal > w.ordinal AND l.status IN ('done', 'partial'))
      ORDER BY w.ordinal DESC LIMIT 1`,
    [plan, label, quoteTable(to), binding],
  );
  return toWatermark(rows[0]?.['reached']);
}

/** From which value on a run that has begun reads the table; null when it has not come so far. */
export async function readBegun(
  session: TargetSession,
  { plan, label }: Pick<WatermarkedTable, 'plan' | 'label'>,
  runId: string,
): Promise<FoundWatermark | null> {
  if (!(await hasWatermarks(session))) return null;
  const { rows } = await session.query(
    `SELECT w.since, w.highest, w.binding FROM sluice.watermark AS w JOIN sluice.sync_table AS s USING (sync_id) WHERE ${isSyncOf} AND w.run_id = $3`,
    [plan, label, runId],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return { since: toWatermark(row['since']), highest: toWatermark(row['highest']), rows: null, binding: String(row['binding']) };
}

/** Before the first row is read. A resumed run keeps what it began with. */
export async function insertWatermark(
  session: TargetSession,
  { plan, label }: Pick<WatermarkedTable, 'plan' | 'label'>,
  runId: string,
  { since, highest, binding }: FoundWatermark,
): Promise<void> {
  await session.query(
    `INSERT INTO sluice.watermark (sync_id, run_id, binding, since, highest)
     SELECT s.sync_id, $3, $4, $5, $6 FROM sluice.sync_table AS s WHERE ${isSyncOf} ON CONFLICT DO NOTHING`,
    [plan, label, runId, binding, fromWatermark(since), fromWatermark(highest)],
  );
}

/** When the rows are in. A run with rejected rows stays where it began, since the next one has to read those rows again. */
export async function settleWatermark(session: TargetSession, table: WatermarkedTable, runId: string): Promise<SettledWatermark> {
  const { rows } = await session.query(
    `UPDATE sluice.watermark AS w SET relation = to_regclass($4)::oid,
        reached = CASE WHEN own.rejected THEN w.since ELSE coalesce(w.highest, w.since) END
       FROM sluice.sync_table AS s, (SELECT EXISTS (SELECT FROM sluice.reject WHERE run_id = $3 AND table_label = $2) AS rejected) AS own
      WHERE ${isSyncOf} AND w.sync_id = s.sync_id AND w.run_id = $3 RETURNING w.reached, own.rejected AS held`,
    [table.plan, table.label, runId, quoteTable(table.to)],
  );
  return { reached: toWatermark(rows[0]?.['reached']), held: rows[0]?.['held'] === true };
}

export interface SettledWatermark {
  readonly reached: Watermark | null;
  /** Rows were rejected, so that the next run reads from where this one began. */
  readonly held: boolean;
}

/** The rows are compared. */
export async function forgetReadKeys(session: TargetSession, runId: string): Promise<void> {
  await session.query('DELETE FROM sluice.read_key WHERE run_id = $1', [runId]);
}

/**
 * Without the run the table is what it was before it: what later runs did not read, because this one had read it, has to be read again. So all marks
 * since the run began are taken out, of tables that it loaded in whatever mode.
 */
export async function forgetWatermarks(session: TargetSession, runId: string): Promise<void> {
  if (!(await hasWatermarks(session))) return;
  await forgetReadKeys(session, runId);
  await session.query(
    `DELETE FROM sluice.watermark AS w USING sluice.sync_table AS s, sluice.run AS r, sluice.run AS own
      WHERE s.sync_id = w.sync_id AND r.run_id = w.run_id AND own.run_id = $1 AND (w.run_id = $1 OR r.started_at >= own.started_at)
        AND s.table_label IN (SELECT table_label FROM sluice.run_table WHERE run_id = $1)`,
    [runId],
  );
}

/** An older Sluice may have made the state. */
async function hasWatermarks(session: TargetSession): Promise<boolean> {
  const known = await session.query("SELECT to_regclass('sluice.watermark') IS NOT NULL AS known");
  return known.rows[0]?.['known'] === true;
}

function toWatermark(text: unknown): Watermark | null {
  return typeof text === 'string' ? readWatermark(text) : null;
}

function fromWatermark(mark: Watermark | null): string | null {
  return mark === null ? null : writeWatermark(mark);
}
