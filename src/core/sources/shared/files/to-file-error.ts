import { MigrationError } from '../../../errors.ts';

/** What the system says of a file, as `no-such-file` or `unreadable-file`. */
export function toFileError(error: unknown, path: string): MigrationError {
  if (error instanceof MigrationError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new MigrationError('no-such-file', { context: { path }, cause: error });
  return new MigrationError('unreadable-file', {
    context: { path, detail: error instanceof Error ? error.message : String(error) },
    cause: error,
  });
}
