import { MigrationError } from '../errors.ts';
import { takenKeysSql, type SqlStagedTable } from '../sql/existing/staging.ts';
import type { TargetSession } from '../target/target.ts';
import type { Chunk } from './chunk.ts';
import type { Isolation } from './isolate-bad-rows.ts';
import { lookAtStaged } from './look-at-staged.ts';

/**
 * Rows of a refused chunk whose key is taken in the table, in order: all of them by one query for each unique index, since appending what is there
 * already makes every row a bad one. Empty where the rows cannot be compared; they are found one by one then. Leaves the staging table empty.
 */
export async function findTakenKeys(
  session: TargetSession,
  table: SqlStagedTable,
  chunk: Chunk,
  signal: AbortSignal,
): Promise<Isolation['refused']> {
  if (table.conflict.length > 0 || table.uniques.length === 0 || chunk.rows === 0) return [];
  return lookAtStaged(session, table, chunk, signal, async () => {
    const found = new Map<number, MigrationError>();
    for (const { name, columns } of table.uniques) {
      const list = columns.map((column) => column.name).join(', ');
      const { rows } = await session.query(takenKeysSql(table, columns));
      for (const row of rows)
        found.set(Number(row['row']), takenKey(table.label, name, `Key (${list})=(${String(row['key'])}) already exists.`));
    }
    return found;
  });
}

/** In the words of the server. */
function takenKey(table: string, constraint: string, detail: string): MigrationError {
  const message = `duplicate key value violates unique constraint "${constraint}"`;
  return new MigrationError('row-refused', { context: { sqlstate: '23505', message, detail, table, constraint } });
}
