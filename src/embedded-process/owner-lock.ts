import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { MigrationError } from '../core/errors.ts';

/** Who holds a directory, for the message that a second opener gets. */
export interface Owner {
  readonly pid: number;
  readonly program: string;
  readonly since: string;
}

export interface OwnerLock {
  release(): void;
}

/** A program that is just ending gets this long to let go. */
const patienceMs = 2000;

/**
 * Takes a directory for this process alone: PGlite has no lock of its own, and two processes on one directory lose commits silently.
 * Node has no flock, but SQLite has one that ends with its process, however that ends. Throws `embedded-in-use`.
 */
export function takeOwnerLock(directory: string, owner: Owner): OwnerLock {
  const ownerFile = `${directory}.owner.json`;
  const lock = new Database(`${directory}.lock`, { timeout: patienceMs });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { readonly code?: string }).code !== 'SQLITE_BUSY') throw error;
    const other = readOwner(ownerFile);
    throw new MigrationError('embedded-in-use', {
      context: {
        directory,
        owner: other === null ? 'another program' : `${other.program} since ${other.since}`,
        ...(other === null ? {} : { pid: other.pid }),
      },
    });
  }
  writeFileSync(ownerFile, JSON.stringify(owner));
  return {
    release: () => {
      rmSync(ownerFile, { force: true });
      lock.close();
    },
  };
}

function readOwner(file: string): Owner | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return null;
  }
}
