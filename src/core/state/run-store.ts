import type { ErrorShape } from '../errors.ts';
import type { OrphanList, RunResult, RunStatus, RunSummary } from '../model/run.ts';
import type { QueryResult, TargetSession } from '../target/target.ts';
import type { CommittedRows } from './checkpoint-store.ts';

/** Where the rows of a run came from; the path is kept so that `verify <run>` finds the store again. */
export interface RunSource {
  readonly kind: string;
  readonly location: string;
  /** Where a list was named. */
  readonly paths?: readonly string[];
  readonly fingerprint: string;
}

/** A row of sluice.run. */
export interface RunRecord {
  readonly runId: string;
  readonly epoch: number;
  readonly planName: string;
  readonly planHash: string;
  readonly planText: string;
  /** Settings given beside the plan, as JSON; a resumed run keeps them. */
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, RunSource>>;
  readonly status: RunStatus;
  readonly phase: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly engineVersion: string;
  /** This run made schema `sluice`. */
  readonly createdSchema: boolean;
  readonly result: RunResult | null;
  readonly error: ErrorShape | null;
}

const columns = `run_id, epoch, plan_name, plan_hash, plan_text, overrides::text AS overrides, sources::text AS sources, status, phase,
  to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS started_at,
  to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS finished_at,
  engine_version, created_schema, result::text AS result, error::text AS error`;

export async function insertRun(
  session: TargetSession,
  run: Omit<RunRecord, 'startedAt' | 'finishedAt' | 'result' | 'error'> & { readonly startedAtMs: number },
): Promise<void> {
  await session.query(
    `INSERT INTO sluice.run (run_id, epoch, plan_name, plan_hash, plan_text, overrides, sources, status, phase, started_at, engine_version, created_schema)
     VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7::text::jsonb, $8, $9, to_timestamp($10::text::float8 / 1000), $11, $12)`,
    [
      run.runId,
      run.epoch,
      run.planName,
      run.planHash,
      run.planText,
      JSON.stringify(run.overrides),
      JSON.stringify(run.sources),
      run.status,
      run.phase,
      String(run.startedAtMs),
      run.engineVersion,
      run.createdSchema,
    ],
  );
}

/** Takes a run over: its epoch rises, so that whoever held it before can write no more checkpoints. */
export async function raiseEpoch(session: TargetSession, runId: string): Promise<number> {
  const raised = await session.query(
    `UPDATE sluice.run SET epoch = epoch + 1, status = 'running', finished_at = NULL, error = NULL WHERE run_id = $1 RETURNING epoch`,
    [runId],
  );
  const epoch = Number(raised.rows[0]?.['epoch']);
  // Waits for a chunk of the previous holder that is being committed right now, so the positions read afterwards are final.
  await session.query('UPDATE sluice.checkpoint SET epoch = $2 WHERE run_id = $1', [runId, epoch]);
  return epoch;
}

/** From now on the run keeps values out of what it writes, whoever goes on with it. */
export async function keepValuesOut(session: TargetSession, runId: string): Promise<void> {
  await session.query(`UPDATE sluice.run SET overrides = overrides || '{"redactValues": true}' WHERE run_id = $1`, [runId]);
}

/** Takes over a run that came to its end, which stays what it is: whoever held it before can write nothing more. */
export async function holdFinishedRun(session: TargetSession, runId: string): Promise<number> {
  const raised = await session.query('UPDATE sluice.run SET epoch = epoch + 1 WHERE run_id = $1 RETURNING epoch', [runId]);
  return Number(raised.rows[0]?.['epoch']);
}

/** The plan by which a run is verified, rolled back and told of from now on. */
export async function setPlan(
  session: TargetSession,
  runId: string,
  plan: { readonly text: string; readonly hash: string },
): Promise<void> {
  await session.query('UPDATE sluice.run SET plan_text = $2, plan_hash = $3 WHERE run_id = $1', [runId, plan.text, plan.hash]);
}

/** false when the table is there already: the answer to an earlier COMMIT was lost. */
export async function insertRunTable(
  session: TargetSession,
  runId: string,
  ordinal: number,
  table: { readonly label: string; readonly source: string; readonly from: string },
): Promise<boolean> {
  const inserted = await session.query(
    'INSERT INTO sluice.run_table (run_id, ordinal, table_label, source, source_table) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    [runId, ordinal, table.label, table.source, table.from],
  );
  return inserted.rowCount === 1;
}

export async function setPhase(session: TargetSession, runId: string, phase: string): Promise<void> {
  await session.query('UPDATE sluice.run SET phase = $2 WHERE run_id = $1', [runId, phase]);
}

export async function finishRun(
  session: TargetSession,
  runId: string,
  outcome: {
    readonly status: RunStatus;
    readonly result: RunResult | null;
    readonly error: ErrorShape | null;
    readonly finishedAtMs: number;
  },
): Promise<void> {
  await session.query(
    `UPDATE sluice.run SET status = $2, result = COALESCE($3::text::jsonb, result), error = $4::text::jsonb, finished_at = to_timestamp($5::text::float8 / 1000) WHERE run_id = $1`,
    [runId, outcome.status, asJson(outcome.result), asJson(outcome.error), String(outcome.finishedAtMs)],
  );
}

export async function markRolledBack(session: TargetSession, runId: string, finishedAtMs: number): Promise<void> {
  await session.query(
    `UPDATE sluice.run SET status = 'rolled-back', finished_at = to_timestamp($2::text::float8 / 1000) WHERE run_id = $1`,
    [runId, String(finishedAtMs)],
  );
}

export async function readRun(session: TargetSession, runId: string): Promise<RunRecord | null> {
  return firstRun(await session.query(`SELECT ${columns} FROM sluice.run WHERE run_id = $1`, [runId]));
}

/** The latest run of this plan that did not end well; `done` and `rolled-back` ones cannot be resumed. */
export async function findUnfinishedRun(session: TargetSession, planHash: string): Promise<RunRecord | null> {
  return firstRun(
    await session.query(
      `SELECT ${columns} FROM sluice.run WHERE plan_hash = $1 AND status IN ('running', 'failed', 'cancelled') ORDER BY started_at DESC, run_id LIMIT 1`,
      [planHash],
    ),
  );
}

/** Runs of a plan that were not rolled back, the latest first. */
export async function findRunsOfPlan(session: TargetSession, planHash: string): Promise<readonly RunRecord[]> {
  const found = await session.query(
    `SELECT ${columns} FROM sluice.run WHERE plan_hash = $1 AND status <> 'rolled-back' ORDER BY started_at DESC, run_id`,
    [planHash],
  );
  return found.rows.map(toRun);
}

/** The latest run that read the store at `location` and was not rolled back. */
export async function findLastRunOfStore(session: TargetSession, location: string): Promise<RunRecord | null> {
  return firstRun(
    await session.query(
      `SELECT ${columns} FROM sluice.run WHERE status <> 'rolled-back' AND EXISTS (SELECT 1 FROM jsonb_each(sources) AS s(name, store) WHERE store->>'location' = $1)
       ORDER BY started_at DESC, run_id LIMIT 1`,
      [location],
    ),
  );
}

export async function listRunRecords(session: TargetSession): Promise<readonly RunRecord[]> {
  const found = await session.query(`SELECT ${columns} FROM sluice.run ORDER BY started_at DESC, run_id`);
  return found.rows.map(toRun);
}

/** Rows of a run that are in the target without their parent; results of earlier versions do not tell. */
export function orphansOfRun({ status, result }: RunRecord): readonly OrphanList[] {
  return status === 'rolled-back' ? [] : (result?.orphans ?? []);
}

/** `committed`: as the checkpoints count; a result is only as new as the end of its run. */
export function toRunSummary(run: RunRecord, committed: CommittedRows | undefined): RunSummary {
  return {
    runId: run.runId,
    name: run.planName,
    status: run.status,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    planHash: run.planHash,
    engineVersion: run.engineVersion,
    rowsWritten: committed?.rowsWritten ?? run.result?.tables.reduce((sum, table) => sum + table.rowsWritten, 0) ?? 0,
    rejects: committed?.rowsRejected ?? run.result?.rejects ?? 0,
    verification: run.result?.verification.status ?? null,
  };
}

function firstRun(found: QueryResult): RunRecord | null {
  return found.rows[0] === undefined ? null : toRun(found.rows[0]);
}

function toRun(row: Record<string, unknown>): RunRecord {
  return {
    runId: String(row['run_id']),
    epoch: Number(row['epoch']),
    planName: String(row['plan_name']),
    planHash: String(row['plan_hash']),
    planText: String(row['plan_text']),
    overrides: JSON.parse(String(row['overrides'])) as Record<string, unknown>,
    sources: JSON.parse(String(row['sources'])) as Record<string, RunSource>,
    status: String(row['status']) as RunStatus,
    phase: String(row['phase']),
    startedAt: String(row['started_at']),
    finishedAt: row['finished_at'] === null ? null : String(row['finished_at']),
    engineVersion: String(row['engine_version']),
    createdSchema: row['created_schema'] === true,
    result: row['result'] === null ? null : (JSON.parse(String(row['result'])) as RunResult),
    error: row['error'] === null ? null : (JSON.parse(String(row['error'])) as ErrorShape),
  };
}

function asJson(value: unknown): string | null {
  // PostgreSQL's jsonb refuses \u0000, which a row value quoted in a discrepancy may hold.
  return value === null ? null : JSON.stringify(value).replaceAll('\\u0000', '\\u2400');
}
