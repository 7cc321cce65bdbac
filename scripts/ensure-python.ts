import { spawnSync } from 'node:child_process';
import { findApt } from './apt.ts';

/** Python with its sqlite3 module: the tests' second opinion on what a store holds. null when it is there in the end; else what is missing and why. */
export function ensurePython(say: (line: string) => void): string | null {
  const found = (): boolean => spawnSync('python3', ['-c', 'import sqlite3']).status === 0;
  if (found()) return null;
  const apt = findApt();
  if (typeof apt === 'string') return `Python 3 with sqlite3: ${apt}`;
  try {
    apt.update(say);
    apt.install(['python3'], say);
  } catch (error) {
    return `Python 3 with sqlite3: ${error instanceof Error ? error.message : String(error)}`;
  }
  return found() ? null : 'Python 3 with sqlite3: the package `python3` brought no sqlite3 module';
}
