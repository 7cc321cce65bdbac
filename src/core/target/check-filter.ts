import { MigrationError } from '../errors.ts';
import { quoteTable, type SqlTableName } from '../sql/table-name.ts';
import { filterError, isRefusal } from './filter-error.ts';
import type { TargetSession } from './target.ts';

/**
 * Throws `filter-refused` unless the text alone is one condition on the table, so that it cannot change what stands around it when it is put into
 * brackets on lines of its own. The server's own parser judges; nothing is executed. Run it inside a read-only transaction: planning may compute
 * constants.
 */
export async function checkFilter(session: TargetSession, table: SqlTableName, filter: string): Promise<void> {
  if (filter.trim() === '') throw new MigrationError('filter-refused', { context: { detail: 'it is empty' } });
  const nul = filter.indexOf('\0');
  if (nul >= 0) throw new MigrationError('filter-refused', { context: { detail: 'it holds a NUL character', position: nul + 1 } });
  const from = `FROM ${quoteTable(table)} WHERE`;
  // "true) OR (true" would pass inside brackets only. A statement with a parameter may only be one.
  await explain(session, filter, [`EXPLAIN SELECT $1::text ${from}\n`, '\n'], ['']);
  // "true LIMIT 1" may stand behind WHERE and is no condition. Here $1 is nothing, as in front of the user.
  await explain(session, filter, [`EXPLAIN SELECT ${from} (\n`, '\n)'], undefined);
}

async function explain(
  session: TargetSession,
  filter: string,
  [before, after]: readonly [string, string],
  parameters: readonly string[] | undefined,
): Promise<void> {
  try {
    await session.query(before + filter + after, parameters);
  } catch (error) {
    // Values for $2 and so on would have to be sent as well.
    if (error instanceof MigrationError && error.context.sqlstate === '08P01')
      throw new MigrationError('filter-refused', { context: { detail: 'it holds a parameter, which has no value here' }, cause: error });
    if (!isRefusal(error)) throw error;
    // The server counts characters, not UTF-16 units; what it misses behind the end is missed at the end.
    const place = Number(error.context['position']) - Array.from(before).length;
    throw filterError(error, place >= 1 ? Math.min(place, Array.from(filter).length) : undefined);
  }
}
