import { MigrationError } from '../errors.ts';
import type { TargetSession } from '../target/target.ts';

export interface Isolation {
  /** [from, to) ranges of rows that the server took, in order. */
  readonly accepted: readonly (readonly [number, number])[];
  readonly refused: readonly { readonly row: number; readonly error: MigrationError }[];
}

/**
 * Finds the rows that the server refuses, inside the caller's transaction, and leaves all others stored. Where the server names the line of the
 * COPY the row is known at once; else the range is halved: O(k log n) attempts for k bad rows. Each attempt has a savepoint of its own.
 */
export async function isolateBadRows(
  session: TargetSession,
  rows: number,
  copy: (from: number, to: number) => Promise<void>,
): Promise<Isolation> {
  const accepted: (readonly [number, number])[] = [];
  const refused: { row: number; error: MigrationError }[] = [];
  const pending: (readonly [number, number])[] = [[0, rows]];
  for (let range = pending.pop(); range !== undefined; range = pending.pop()) {
    const [from, to] = range;
    if (from >= to) continue;
    const error = await attempt(session, () => copy(from, to));
    if (error === null) {
      accepted.push(range);
      continue;
    }
    const line = Number(error.context['line'] ?? 0);
    const named = line >= 1 && line <= to - from ? from + line - 1 : null;
    const bad = named ?? (to - from === 1 ? from : null);
    if (bad === null) {
      const middle = from + ((to - from) >> 1);
      pending.push([middle, to], [from, middle]);
    } else {
      refused.push({ row: bad, error });
      pending.push([bad + 1, to], [from, bad]);
    }
  }
  return { accepted, refused };
}

/** Does `work` under a savepoint. The error of a row takes back what it did and is returned; null when all went well. */
export async function attempt(session: TargetSession, work: () => Promise<void>): Promise<MigrationError | null> {
  await session.query('SAVEPOINT sluice_rows');
  try {
    await work();
    await session.query('RELEASE SAVEPOINT sluice_rows');
    return null;
  } catch (error) {
    if (!(error instanceof MigrationError) || error.kind !== 'row') throw error;
    await session.query('ROLLBACK TO SAVEPOINT sluice_rows');
    return error;
  }
}

/** The error of a row that `work` meets, null when all goes well; either way nothing of it stays. */
export async function probe(session: TargetSession, work: () => Promise<void>): Promise<MigrationError | null> {
  await session.query('SAVEPOINT sluice_probe');
  const error = await attempt(session, work);
  await session.query('ROLLBACK TO SAVEPOINT sluice_probe');
  return error;
}
