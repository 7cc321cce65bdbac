import { MigrationError } from '../../errors.ts';
import type { Warning } from '../../model/run.ts';
import type { CreatedObject, Statement } from '../../model/statement.ts';
import { recordCreatedObject } from '../../state/created-object-store.ts';
import type { TargetSession } from '../../target/target.ts';

/** A statement that adds a seed row, told by what it makes. */
export function isSeed(object: CreatedObject | null): object is CreatedObject {
  return object?.kind === 'seed';
}

/**
 * Adds one seed row with its record. A row of the source that has its key stays, and the seed row is left out and told. Throws `seed-refused` for a row that
 * PostgreSQL does not take.
 */
export async function addSeedRow(
  session: TargetSession,
  runId: string,
  ordinal: number,
  { sql, object, table }: Statement,
): Promise<readonly Warning[]> {
  if (object === null) throw new MigrationError('internal', { context: { detail: 'a seed row without its number' } });
  const label = table ?? '';
  const { rowCount } = await session.query(sql).catch((error: unknown) => refused(error, label, object.name));
  if (rowCount === 0)
    return [{ code: 'seed-taken', message: `Seed row ${object.name} of ${label} is not added: another row has its key.`, table: label }];
  await recordCreatedObject(session, runId, ordinal, object);
  return [];
}

/** Values and constraints are the plan's to mend; everything else stays what it is. */
function refused(error: unknown, table: string, row: string): never {
  if (!(error instanceof MigrationError) || !/^2[23]/.test(error.context.sqlstate ?? '')) throw error;
  const detail = error.context['message'] ?? error.message;
  throw new MigrationError('seed-refused', { context: { ...error.context, table, row, detail: String(detail) }, cause: error });
}
