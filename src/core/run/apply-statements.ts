import { MigrationError } from '../errors.ts';
import type { CreatedObject, Statement } from '../model/statement.ts';
import type { Warning } from '../model/run.ts';
import { readCreatedObjects, recordCreatedObject } from '../state/created-object-store.ts';
import type { TargetSession } from '../target/target.ts';
import type { ControlSession } from './control-session.ts';
import { builtAloneWarning } from './index-build/describe-build.ts';
import { addSeedRow, isSeed } from './seeds/add-seed-row.ts';
import { lacksSharedMemory, type IndexBuilds } from './index-build/index-builds.ts';

/**
 * Runs the statements of one section in order, each in a transaction with its record in `sluice.created_object`, so that a resumed run skips
 * exactly those that are there. `firstOrdinal`: place of the section in the whole plan. `mend` may make a refused statement possible; it is then
 * tried once more. `builds` carries out those that build an index.
 */
export async function applyStatements(
  control: ControlSession,
  runId: string,
  statements: readonly Statement[],
  firstOrdinal: number,
  onStatement: (statement: Statement) => void,
  mend: (statement: Statement, error: unknown) => Promise<boolean> = () => Promise.resolve(false),
  builds: IndexBuilds | null = null,
): Promise<readonly Warning[]> {
  const done = new Set((await control.use((target) => readCreatedObjects(target, runId))).map((object) => object.ordinal));
  const warnings: Warning[] = [];
  for (const [index, statement] of statements.entries()) {
    const ordinal = firstOrdinal + index;
    if (done.has(ordinal)) continue;
    onStatement(statement);
    const apply = (alone = false): Promise<readonly Warning[]> =>
      control.use((target) => target.transaction((session) => applyOne(session, runId, ordinal, statement, { builds, alone })));
    const applied = apply().catch(async (error: unknown) => {
      if (lacksSharedMemory(error)) return [builtAloneWarning(statement), ...(await apply(true))];
      if (!(await mend(statement, error))) throw error;
      return apply();
    });
    try {
      warnings.push(...(await applied));
    } catch (error) {
      warnings.push(toWarning(statement, error));
    }
  }
  return warnings;
}

interface Building {
  readonly builds: IndexBuilds | null;
  readonly alone: boolean;
}

async function applyOne(
  session: TargetSession,
  runId: string,
  ordinal: number,
  statement: Statement,
  { builds, alone }: Building,
): Promise<readonly Warning[]> {
  // The answer to an earlier COMMIT may have been lost: what is recorded is there.
  if (await isRecorded(session, runId, ordinal)) return [];
  const object = statement.object;
  if (object !== null && (await existsAlready(session, object))) return [];
  if (isSeed(object)) return addSeedRow(session, runId, ordinal, statement);
  const warnings = builds?.builds(statement) === true ? await builds.run(session, statement, alone) : await carryOut(session, statement);
  if (object !== null) await recordCreatedObject(session, runId, ordinal, object);
  return warnings;
}

async function carryOut(session: TargetSession, statement: Statement): Promise<readonly Warning[]> {
  await session.query(statement.sql);
  return [];
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
