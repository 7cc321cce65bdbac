import { MigrationError } from '../errors.ts';
import {
  clearStagingSql,
  copyToStagingSql,
  createStagingSql,
  lockForUpsertSql,
  writeStagedSql,
  type SqlStagedTable,
} from '../sql/existing/staging.ts';
import { sqlErrorKind } from '../target/sql-errors.ts';
import type { TargetSession } from '../target/target.ts';
import type { Chunk } from './chunk.ts';
import { copyRows } from './copy-rows.ts';

/** Once in each transaction that writes staged rows; all it makes goes with the transaction. */
export async function prepareStaging(session: TargetSession, table: SqlStagedTable): Promise<void> {
  if (table.conflict.length > 0) await session.query(lockForUpsertSql(table));
  await session.query(createStagingSql(table));
}

/**
 * Encoded rows `from` (inclusive) to `to` (exclusive) by COPY into the staging table and from there into the table, with an entry of `sluice.undo` for
 * each. What the server refuses throws an error of kind "row", without saying which row: nothing of it can be told from an INSERT.
 */
export async function writeStaged(
  session: TargetSession,
  table: SqlStagedTable,
  chunk: Chunk,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<void> {
  if (from === to) return;
  await copyRows(session, copyToStagingSql(table), chunk, from, to, signal);
  try {
    const { rowCount } = await session.query(writeStagedSql(table), [table.runId, table.label]);
    if (rowCount !== to - from) throw new MigrationError('row-count-differs', { context: { sent: to - from, stored: rowCount } });
    await session.query(clearStagingSql);
  } catch (error) {
    throw asRowError(error, table);
  }
}

/** Two rows of one statement that an upsert would have to write to the same row. */
const sameRowTwice = '21000';

function asRowError(error: unknown, { label }: SqlStagedTable): unknown {
  if (!(error instanceof MigrationError)) return error;
  const { sqlstate, constraint, schema } = error.context;
  if (sqlstate === undefined || (sqlErrorKind(sqlstate, true) !== 'row' && sqlstate !== sameRowTwice)) return error;
  if ((constraint === 'undo_written_once' && schema === 'sluice') || sqlstate === sameRowTwice)
    return new MigrationError('row-written-twice', { context: { table: label }, cause: error });
  return new MigrationError('row-refused', { context: { ...error.context, table: label }, cause: error });
}
