import { MigrationError } from '../errors.ts';
import {
  clearStagingSql,
  copyToStagingSql,
  createStagingSql,
  dropStagingSql,
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

/** Another table is staged in the same transaction next. */
export async function dropStaging(session: TargetSession): Promise<void> {
  await session.query(dropStagingSql);
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
  await writeAllStaged(session, [table], to - from, clearStagingSql);
}

export interface StagedSelection {
  /** Numbers of the rows. */
  readonly rows: readonly string[];
  /** For which rows, $1 = their numbers. */
  readonly condition: string;
}

/** `expected` staged rows of these tables at once; `after` then checks what waits for the commit, while it can still be told which rows are to blame. */
export async function writeAllStaged(
  session: TargetSession,
  tables: readonly SqlStagedTable[],
  expected: number,
  after: string,
  selection?: StagedSelection,
): Promise<void> {
  try {
    const { rowCount } = await session.query(writeStagedSql(tables, selection?.condition), selection === undefined ? [] : [selection.rows]);
    if (rowCount !== expected) throw new MigrationError('row-count-differs', { context: { sent: expected, stored: rowCount } });
    await session.query(after);
  } catch (error) {
    throw asRowError(error, tables);
  }
}

/** Two rows of one statement that an upsert would have to write to the same row. */
const sameRowTwice = '21000';

function asRowError(error: unknown, tables: readonly SqlStagedTable[]): unknown {
  if (!(error instanceof MigrationError)) return error;
  const { sqlstate, constraint, schema } = error.context;
  if (sqlstate === undefined || (sqlErrorKind(sqlstate, true) !== 'row' && sqlstate !== sameRowTwice)) return error;
  const table = tables.map(({ label }) => label).join(' or ');
  if ((constraint === 'undo_written_once' && schema === 'sluice') || sqlstate === sameRowTwice)
    return new MigrationError('row-written-twice', { context: { table }, cause: error });
  return new MigrationError('row-refused', { context: { ...error.context, table }, cause: error });
}
