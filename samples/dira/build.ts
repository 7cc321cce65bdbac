/**
 * Builds the Dira sample store, the session of a Jac program: the same records each time (no clock, no randomness but a seeded one).
 * `node samples/dira/build.ts [FILE]`; without FILE the committed session is written anew.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { graphOf, laterRecords } from './graph.ts';
import { writeSession } from './session-writer.ts';

/** Writes the session to `path`, replacing what is there. */
export function buildDira(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
  writeSession(path, graphOf());
}

/** What people did on the next day: three new reports, of which one is routed, and two old ones that were resolved. */
export function goOn(path: string): void {
  writeSession(path, laterRecords());
}

if (import.meta.main) buildDira(process.argv[2] ?? join(import.meta.dirname, 'main.session'));
