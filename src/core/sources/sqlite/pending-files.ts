import { stat } from 'node:fs/promises';

/** Which of `-wal` and `-journal` lie beside a database and hold changes that it does not have yet. */
export async function pendingFiles(path: string): Promise<readonly string[]> {
  const pending = [];
  for (const suffix of ['-wal', '-journal']) {
    const found = await stat(path + suffix).catch(() => null);
    if (found !== null && found.isFile() && found.size > 0) pending.push(suffix);
  }
  return pending;
}
