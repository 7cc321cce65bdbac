import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findApt } from './apt.ts';

/**
 * Programs on PATH, each with the Debian package that brings it, installed where they are missing.
 * null when all are there in the end; else what is missing and why.
 */
export function ensurePrograms(packages: Readonly<Record<string, string>>, say: (line: string) => void): string | null {
  const missing = (): string[] => Object.keys(packages).filter((program) => findProgram(program) === null);
  const wanted = missing();
  if (wanted.length === 0) return null;
  const apt = findApt();
  if (typeof apt === 'string') return `${wanted.join(', ')} not found, and ${apt}`;
  try {
    apt.update(say);
    apt.install([...new Set(wanted.map((program) => packages[program]!))], say);
  } catch (error) {
    return `${wanted.join(', ')} not found: ${error instanceof Error ? error.message : String(error)}`;
  }
  const still = missing();
  return still.length === 0 ? null : `the packages brought no ${still.join(', ')}`;
}

/** Absolute path of a program on PATH; null when there is none. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder || '.', name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here.
    }
  }
  return null;
}
