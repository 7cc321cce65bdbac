import { MigrationError } from '../../errors.ts';

/** Imports a module that needs a native driver, at its first use: where the driver is missing, other sources go on. Throws `native-missing`. */
export async function loadDriver<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    const detail = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    throw new MigrationError('native-missing', { context: { detail }, cause: error });
  }
}
