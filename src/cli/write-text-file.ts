import { writeFileSync } from 'node:fs';
import { MigrationError } from '../core/index.ts';

/** Writes what the user asked for with `-o`. Throws `cannot-write-file`. */
export function writeTextFile(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new MigrationError('cannot-write-file', {
      context: { path, detail: error instanceof Error ? error.message : String(error) },
      cause: error,
    });
  }
}
