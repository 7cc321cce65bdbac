import type { MigrationError } from '../errors.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { stagedTable } from '../plan/staged-table.ts';
import { copyInSql } from '../sql/copy.ts';
import type { SqlStagedTable } from '../sql/existing/staging.ts';
import type { TargetSession } from '../target/target.ts';
import type { Chunk } from './chunk.ts';
import { copyRows } from './copy-rows.ts';
import { findTakenKeys } from './find-taken-keys.ts';
import { findWaitingRows, isWaiting } from './find-waiting-rows.ts';
import type { Isolation } from './isolate-bad-rows.ts';
import { dropStaging, prepareStaging, writeStaged } from './write-staged.ts';

/** How encoded rows get into one table, inside the caller's transaction. */
export interface RowWriter {
  /** The table was there before the run: rows go through a staging table. null = straight into it. */
  readonly staged: SqlStagedTable | null;
  /** Once in each transaction. */
  begin(session: TargetSession): Promise<void>;
  /** Before another table is written in the same transaction. */
  end(session: TargetSession): Promise<void>;
  /** Rows `from` (inclusive) to `to` (exclusive). */
  write(session: TargetSession, chunk: Chunk, from: number, to: number): Promise<void>;
  /** Rows of a refused chunk that are certain to be refused, in order. */
  findTaken(session: TargetSession, chunk: Chunk): Promise<Isolation['refused']>;
  /** Rows of a refused chunk whose parents may still come, in order. */
  findWaiting(session: TargetSession, chunk: Chunk): Promise<Isolation['refused']>;
  isWaiting(error: MigrationError): boolean;
}

export function rowWriter(table: CompiledTable, signal: AbortSignal): RowWriter {
  const staged = stagedTable(table);
  if (staged !== null)
    return {
      staged,
      begin: (session) => prepareStaging(session, staged),
      end: dropStaging,
      write: (session, chunk, from, to) => writeStaged(session, staged, chunk, from, to, signal),
      findTaken: (session, chunk) => findTakenKeys(session, staged, chunk, signal),
      findWaiting: (session, chunk) => findWaitingRows(session, staged, chunk, signal),
      isWaiting: (error) => isWaiting(staged, error),
    };
  const sql = copyInSql(
    table.to,
    table.columns.map((column) => column.to),
  );
  return {
    staged,
    begin: () => Promise.resolve(),
    end: () => Promise.resolve(),
    write: (session, chunk, from, to) => copyRows(session, sql, chunk, from, to, signal),
    findTaken: () => Promise.resolve([]),
    findWaiting: () => Promise.resolve([]),
    isWaiting: () => false,
  };
}
