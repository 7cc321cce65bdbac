import { MigrationError } from '../core/errors.ts';

/** The driver of SQLite is built for this version of Node-API; older Nodes do not refuse it, they crash. */
const neededApi = 10;

/** Loads the addon for real, since a wrong binary shows only then. Throws `native-missing`. */
export async function requireNatives(): Promise<void> {
  if (Number(process.versions['napi'] ?? 0) < neededApi) throw nativeMissing(`Node ${process.versions.node} is too old for better-sqlite3`);
  try {
    const { default: Database } = await import('better-sqlite3');
    new Database(':memory:').close();
  } catch (error) {
    throw nativeMissing(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error), error);
  }
}

function nativeMissing(detail: string, cause?: unknown): MigrationError {
  return new MigrationError('native-missing', { context: { detail }, cause });
}
