import { MigrationError, toMigrationError } from '../../errors.ts';
import type { SourceSnapshot } from '../source.ts';

/** `backup-failed` with what stopped it. */
export function backupFailed(snapshot: SourceSnapshot, backup: string, cause: unknown): MigrationError {
  const { context, code, message } = toMigrationError(cause);
  const detail = code === 'internal' ? (context.detail ?? message) : message;
  return new MigrationError('backup-failed', { context: { path: snapshot.location, backup, detail }, cause });
}
