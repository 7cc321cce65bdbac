import { MigrationError } from '../errors.ts';
import type { Target, TargetSession } from './target.ts';

/**
 * Does `work` in a transaction that cannot write and is rolled back at the end, so that nothing of it stays, not even a setting that a user's own
 * expression changed: the session may belong to others as well.
 */
export async function inReadOnly<T>(target: Target, work: (session: TargetSession) => Promise<T>): Promise<T> {
  const over = new MigrationError('cancelled');
  let result!: T;
  try {
    await target.transaction(async (session) => {
      // Whoever looks at rows sees those that are meant for him; a verification must see all or fail.
      await session.query('SET TRANSACTION READ ONLY; SET LOCAL jit = off; SET LOCAL row_security = on');
      result = await work(session);
      throw over;
    });
  } catch (error) {
    if (error !== over) throw error;
  }
  return result;
}
