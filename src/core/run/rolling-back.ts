import { MigrationError } from '../errors.ts';
import type { Target, TargetSession } from '../target/target.ts';

/** What `work` finds out in a transaction that leaves nothing behind. */
export async function rollingBack<T>(target: Target, work: (session: TargetSession) => Promise<T>): Promise<T> {
  const onPurpose = new MigrationError('internal', { context: { detail: 'rolled back on purpose' } });
  const results: T[] = [];
  try {
    await target.transaction(async (session) => {
      results.push(await work(session));
      throw onPurpose;
    });
  } catch (error) {
    if (error !== onPurpose) throw error;
  }
  return results[0] as T;
}
