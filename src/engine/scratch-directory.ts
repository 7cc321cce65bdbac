import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MigrationError } from '../core/errors.ts';

/** Names hold the process id, so that a later run can tell whose owner is gone. */
const pattern = /^sluice-scratch-(\d+)-/;

/**
 * A new private folder (mode 0700) for copies of stores. First removes the folders of processes that were killed before they could do it themselves:
 * what lies there are copies of somebody's data. Throws `scratch-unusable`.
 */
export function makeScratchDirectory(folder: string = tmpdir()): string {
  try {
    for (const name of readdirSync(folder)) {
      const pid = Number(pattern.exec(name)?.[1] ?? process.pid);
      if (pid !== process.pid && !isAlive(pid)) removeQuietly(join(folder, name));
    }
    return mkdtempSync(join(folder, `sluice-scratch-${process.pid}-`));
  } catch (error) {
    throw new MigrationError('scratch-unusable', {
      context: { path: folder, detail: error instanceof Error ? error.message : String(error) },
      cause: error,
    });
  }
}

/** Removes the folders of a process that has gone, since a killed one could not do it itself. */
export function removeScratchOf(pid: number, folder: string = tmpdir()): void {
  for (const name of readdirSync(folder)) {
    if (Number(pattern.exec(name)?.[1]) === pid) removeQuietly(join(folder, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Another user's, or gone at the same moment; neither is this run's business.
  }
}
