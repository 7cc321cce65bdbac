import { MigrationError } from '../errors.ts';

/**
 * What the server said of a statement while it ran, as the fault of the user's condition where it can only be that: a value that cannot be computed, or
 * something that was to be written. The condition has been through `checkFilter`, so it is one; null = there is none.
 */
export function toFilterError(error: unknown, filter: string | null): unknown {
  if (filter === null || !isRefusal(error) || error.context['position'] !== undefined) return error;
  return /^(22|25|2F|38|42|P0001)/.test(error.context.sqlstate ?? '') ? filterError(error) : error;
}

/** `position`: character of the condition, from 1. */
export function filterError(error: MigrationError, position?: number): MigrationError {
  const { sqlstate, hint } = error.context;
  const words = String(error.context['message'] ?? error.message);
  // The only fault of syntax that has no place: the words are about prepared statements, of which the user knows nothing.
  const several = sqlstate === '42601' && error.context['position'] === undefined;
  return new MigrationError('filter-refused', {
    cause: error,
    context: {
      detail: several ? `it is more than one statement (${words})` : `PostgreSQL says: ${words}`,
      ...(sqlstate === undefined ? {} : { sqlstate }),
      ...(position === undefined ? {} : { position }),
      ...(hint === undefined ? {} : { hint }),
    },
  });
}

/** The server read the statement and would not do it; not that it could not be reached, was told to stop, or has no privilege for you. */
export function isRefusal(error: unknown): error is MigrationError {
  return error instanceof MigrationError && error.code === 'sql-failed';
}
