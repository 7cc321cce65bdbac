import { MigrationError } from '../errors.ts';
import { quoteTable } from '../sql/table-name.ts';
import type { TargetSession } from '../target/target.ts';
import { vectorParameter } from './neighbour-query.ts';
import type { VectorColumn } from './vector-column.ts';

/**
 * Throws `filter-refused` unless the text alone is one condition on the table: "true) OR (true" is none, though it would pass inside parentheses, and two
 * statements are none, because a statement with a parameter may only be one. `$1` is the vector, as in the search.
 */
export async function checkFilter(session: TargetSession, column: VectorColumn, filter: string, vector: string): Promise<void> {
  if (filter.trim() === '') throw new MigrationError('filter-refused', { context: { detail: 'it is empty' } });
  const head = `EXPLAIN SELECT ${vectorParameter(column)} FROM ${quoteTable(column)} WHERE`;
  // Inside parentheses as well: "true LIMIT 1" may stand behind WHERE and is no condition.
  const tries = [
    [`${head}\n`, '\n'],
    [`${head} (\n`, '\n)'],
  ] as const;
  for (const [before, after] of tries) {
    try {
      await session.query(`${before}${filter}${after}`, [vector]);
    } catch (error) {
      throw asFilterError(error, filter, before.length);
    }
  }
}

/** The server's words, with the position counted from the beginning of the filter (`offset` characters into the statement, null = not told). Anything but a fault of the filter stays as it is. */
export function asFilterError(error: unknown, filter: string, offset: number | null): unknown {
  if (!(error instanceof MigrationError) || error.code !== 'sql-failed') return error;
  const { message, sqlstate, hint } = error.context;
  const place = offset === null ? 0 : Number(error.context['position']) - offset;
  const context = {
    detail: String(message),
    ...(sqlstate === undefined ? {} : { sqlstate }),
    ...(hint === undefined ? {} : { hint }),
    ...(place >= 1 && place <= filter.length + 1 ? { position: place } : {}),
  };
  return new MigrationError('filter-refused', { context, cause: error });
}
