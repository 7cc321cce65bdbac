import { pendingSuffixes, type CompanionFiles } from '../shared/copy-settled.ts';

const suffixes = ['-wal', '-journal'];

/** What may lie beside a database. */
export const sqliteCompanions: CompanionFiles = { suffixes, pending: pendingFiles };

/** Which of `-wal` and `-journal` lie beside a database and hold changes that it does not have yet. */
export async function pendingFiles(path: string): Promise<readonly string[]> {
  return pendingSuffixes(path, suffixes);
}
