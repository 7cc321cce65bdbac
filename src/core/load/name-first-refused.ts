import { MigrationError } from '../errors.ts';
import type { SqlStagedTable } from '../sql/existing/staging.ts';
import type { Target, TargetSession } from '../target/target.ts';
import type { Chunk } from './chunk.ts';
import { attempt } from './isolate-bad-rows.ts';
import { prepareStaging, writeStaged } from './write-staged.ts';

/**
 * The error that ends a run under `stop`, with the place of the first row that the server refuses. The rows before it are written again in order, in a
 * transaction that is rolled back: O(log n) attempts. `writeParents`: writes what the same chunk has for other tables before.
 */
export async function nameFirstRefused(
  target: Target,
  table: SqlStagedTable,
  chunk: Chunk,
  refused: MigrationError,
  signal: AbortSignal,
  writeParents: (session: TargetSession) => Promise<void>,
): Promise<MigrationError> {
  const named = (error: MigrationError, row: string | undefined): MigrationError =>
    new MigrationError('row-refused-by-server', {
      context: { ...error.context, table: table.label, detail: error.message, ...(row === undefined ? {} : { row }) },
      cause: error,
    });
  try {
    await target.transaction(async (session) => {
      await writeParents(session);
      await prepareStaging(session, table);
      const first = await firstRefused(session, chunk.rows, (from, to) => writeStaged(session, table, chunk, from, to, signal));
      throw first === null ? named(refused, undefined) : named(first.error, chunk.originOf(first.row).provenance);
    });
  } catch (error) {
    if (error instanceof MigrationError && error.code === 'row-refused-by-server') return error;
    throw error;
  }
  return named(refused, undefined);
}

/** null when all rows go in this time. */
async function firstRefused(
  session: TargetSession,
  rows: number,
  write: (from: number, to: number) => Promise<void>,
): Promise<{ readonly row: number; readonly error: MigrationError } | null> {
  let from = 0;
  let to = rows;
  let found: MigrationError | null = null;
  while (from < to) {
    const middle = to - from === 1 ? to : from + ((to - from) >> 1);
    const error = await attempt(session, () => write(from, middle));
    if (error === null) {
      from = middle;
      continue;
    }
    found = error;
    if (middle - from === 1) return { row: from, error };
    to = middle;
  }
  return found === null ? null : { row: from, error: found };
}
