import { MigrationError } from '../errors.ts';

/**
 * What the server said of a statement, as the fault of the user's condition where it is: it points into it, or a value could not be computed, or
 * something was to be written. `filterAt`: where the condition begins in the statement, from 0.
 */
export function toFilterError(error: unknown, filter: string | null, filterAt: number): unknown {
  if (filter === null || !(error instanceof MigrationError) || error.context.sqlstate === undefined) return error;
  const { sqlstate, hint } = error.context;
  // The server counts characters, we count UTF-16 units up to the condition, which only quoted names can make differ.
  const position = Number(error.context['position'] ?? NaN) - filterAt;
  const inside = position >= 1 && position <= filter.length + 2;
  const ours = inside || (Number.isNaN(position) && /^(22|25006|42|2F|P0001|38)/.test(sqlstate));
  if (!ours) return error;
  return new MigrationError('filter-refused', {
    cause: error,
    context: {
      detail: `PostgreSQL says: ${error.context['message'] ?? error.message}`,
      sqlstate,
      ...(inside ? { position } : {}),
      ...(hint === undefined ? {} : { hint }),
    },
  });
}
