import Database from 'better-sqlite3';
import { MigrationError, type ErrorContext } from '../../../errors.ts';

/** Runs `work`; what SQLite throws becomes a MigrationError that says what is wrong with the store. */
export function namingErrors<T>(context: ErrorContext, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error, context);
  }
}

function toStoreError(error: unknown, context: ErrorContext): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const options = { context: { ...context, detail: error.message }, cause: error };
  switch (error.code.split('_', 2)[1]) {
    case 'CORRUPT':
      return new MigrationError('corrupt-store', options);
    case 'NOTADB':
      return new MigrationError('encrypted-store', options);
    case 'BUSY':
    case 'LOCKED':
      return new MigrationError('source-locked', options);
    default:
      return new MigrationError('source-read-failed', options);
  }
}
