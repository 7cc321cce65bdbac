import { MigrationError } from '../errors.ts';
import type { SqlStagedTable } from '../sql/existing/staging.ts';
import { createWaitingSql, findWaitingSql, indexWaitingSql, lackingRowsSql } from '../sql/existing/waiting.ts';
import type { TargetSession } from '../target/target.ts';
import type { Chunk } from './chunk.ts';
import type { Isolation } from './isolate-bad-rows.ts';
import { lookAtStaged } from './look-at-staged.ts';

/** Whether an error only says that a parent is missing that may still come: its table is of the same circle. */
export function isWaiting(table: SqlStagedTable, error: MigrationError): boolean {
  const { sqlstate, constraint } = error.context;
  return (
    sqlstate === '23503' && table.foreignKeys.some(({ name, parentLabel }) => name === constraint && table.circle.includes(parentLabel))
  );
}

/**
 * Rows of a refused chunk whose parent is neither in the target nor in the chunk and may still come, and those that refer to such rows, in order: all of
 * them at once, since a table may be full of them. Empty where the rows cannot be compared. Leaves the staging table empty.
 */
export async function findWaitingRows(
  session: TargetSession,
  table: SqlStagedTable,
  chunk: Chunk,
  signal: AbortSignal,
): Promise<Isolation['refused']> {
  if (table.circle.length === 0 || chunk.rows === 0) return [];
  return lookAtStaged(session, table, chunk, signal, async () => {
    await session.query(createWaitingSql);
    for (const sql of findWaitingSql([table], ({ parentLabel }) => table.circle.includes(parentLabel))) await session.query(sql);
    await session.query(indexWaitingSql);
    const { rows } = await session.query(lackingRowsSql);
    await session.query('DROP TABLE pg_temp.sluice_waiting');
    return new Map(rows.map((row) => [Number(row['row']), missingParent(table.label, row)]));
  });
}

/** In the words of the server. */
function missingParent(table: string, row: Readonly<Record<string, unknown>>): MigrationError {
  const constraint = String(row['constraint_name']);
  const message = `insert or update on table "${table.slice(table.indexOf('.') + 1)}" violates foreign key constraint "${constraint}"`;
  const detail = `Key (${String(row['key'])}) is not present in table "${String(row['parent_name'])}".`;
  return new MigrationError('row-refused', { context: { sqlstate: '23503', message, detail, table, constraint } });
}
