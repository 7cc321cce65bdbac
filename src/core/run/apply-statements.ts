import { MigrationError } from '../errors.ts';
import type { CreatedObject, Statement } from '../model/statement.ts';
import type { Warning } from '../model/run.ts';
import { readCreatedObjects, recordCreatedObject } from '../state/created-object-store.ts';
import type { TargetSession } from '../target/target.ts';
import type { ControlSession } from './control-session.ts';

/**
 * Runs the statements of one section in order, each in a transaction with its record in `sluice.created_object`, so that a resumed run skips
 * exactly those that are there. `firstOrdinal`: place of the section in the whole plan. `mend` may make a refused statement possible; it is then
 * tried once more.
 */
export async function applyStatements(
  control: ControlSession,
  runId: string,
  statements: readonly Statement[],
  firstOrdinal: number,
  onStatement: (statement: Statement) => void,
  mend: (statement: Statement, error: unknown) => Promise<boolean> = () => Promise.resolve(false),
): Promise<readonly Warning[]> {
  const done = new Set((await control.use((target) => readCreatedObjects(target, runId))).map((object) => object.ordinal));
  const warnings: Warning[] = [];
  for (const [index, statement] of statements.entries()) {
    const ordinal = firstOrdinal + index;
    if (done.has(ordinal)) continue;
    onStatement(statement);
    const apply = (): Promise<void> =>
      control.use((target) => target.transaction((session) => applyOne(session, runId, ordinal, statement, target.capabilities.sessions)));
    try {
      await apply().catch(async (error: unknown) => {
        if (!(await mend(statement, error))) throw error;
        await apply();
      });
    } catch (error) {
      warnings.push(toWarning(statement, error));
    }
  }
  return warnings;
}

async function applyOne(session: TargetSession, runId: string, ordinal: number, statement: Statement, shared: boolean): Promise<void> {
  // The answer to an earlier COMMIT may have been lost: what is recorded is there.
  if (await isRecorded(session, runId, ordinal)) return;
  const object = statement.object;
  if (object !== null && (await existsAlready(session, object))) return;
  // The embedded target has one session, whose memory was chosen when it was opened.
  if (shared && needsBuildMemory(statement)) await session.query("SELECT set_config('maintenance_work_mem', $1, true)", [buildMemory]);
  await session.query(statement.sql);
  if (object !== null) await recordCreatedObject(session, runId, ordinal, object);
}

async function isRecorded(session: TargetSession, runId: string, ordinal: number): Promise<boolean> {
  const found = await session.query('SELECT 1 FROM sluice.created_object WHERE run_id = $1 AND ordinal = $2', [runId, ordinal]);
  return found.rowCount > 0;
}

/** Extensions and schemas are shared with others: one that is there is used, and is not ours to drop. */
async function existsAlready(session: TargetSession, object: CreatedObject): Promise<boolean> {
  if (object.kind !== 'extension' && object.kind !== 'schema') return false;
  const catalog =
    object.kind === 'extension'
      ? 'SELECT 1 FROM pg_catalog.pg_extension WHERE extname = $1'
      : 'SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1';
  return (await session.query(catalog, [object.name])).rowCount > 0;
}

/** For index builds, in this transaction only; a whole HNSW graph in memory is built many times faster than one on disk. */
const buildMemory = '512MB';

function needsBuildMemory(statement: Statement): boolean {
  return statement.object?.kind === 'index' || statement.object?.kind === 'primary-key' || statement.object?.kind === 'unique';
}

/** A key that the rows do not satisfy is left NOT VALID or not made at all, and told; every other failure ends the run. */
function toWarning(statement: Statement, error: unknown): Warning {
  const isValidation = /\bVALIDATE CONSTRAINT\b/.test(statement.sql);
  const isProvedKey = statement.object?.kind === 'foreign-key';
  if (!(isValidation || isProvedKey) || !(error instanceof MigrationError) || error.context.sqlstate !== '23503') throw error;
  const name = isValidation ? (error.context.constraint ?? '') : (statement.object?.name ?? '');
  const what = isValidation
    ? 'is left NOT VALID: some rows point to no parent row. New rows are checked'
    : 'is not created: some rows point to no parent row, and PostgreSQL has no key of a partitioned table that is not proved';
  return {
    code: 'orphans',
    message: `Foreign key ${name} ${what}.`,
    ...(statement.table === null ? {} : { table: statement.table }),
  };
}
