import { MigrationError } from '../errors.ts';
import { clearStagingSql, copyToStagingSql, type SqlStagedTable } from '../sql/existing/staging.ts';
import type { TargetSession } from '../target/target.ts';
import type { Chunk } from './chunk.ts';
import { copyRows } from './copy-rows.ts';
import type { Isolation } from './isolate-bad-rows.ts';

/**
 * Puts all rows of a chunk into the staging table, looks at them there and takes them out again. Gives the rows that `look` finds, in order; none where
 * they cannot be looked at (a value that cannot be cast to its column): then rows are told apart one by one.
 */
export async function lookAtStaged(
  session: TargetSession,
  table: SqlStagedTable,
  chunk: Chunk,
  signal: AbortSignal,
  look: () => Promise<ReadonlyMap<number, MigrationError>>,
): Promise<Isolation['refused']> {
  await session.query('SAVEPOINT sluice_look');
  try {
    await copyRows(session, copyToStagingSql(table), chunk, 0, chunk.rows, signal);
    const seen = await look();
    await session.query(clearStagingSql);
    return [...seen].map(([row, error]) => ({ row, error })).toSorted((a, b) => a.row - b.row);
  } catch (error) {
    if (!(error instanceof MigrationError) || error.kind === 'transient' || error.code === 'cancelled') throw error;
    await session.query('ROLLBACK TO SAVEPOINT sluice_look');
    return [];
  }
}
