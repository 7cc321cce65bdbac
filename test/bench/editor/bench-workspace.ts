import { execFileSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { millionRows } from './million-rows.ts';

/** A folder as a user has it: a large store, a small one, and plans for the large one. */
export interface BenchWorkspace {
  readonly folder: string;
  /** `rows-1.sluice.json` and so on: one a round, each with a target of its own, `env:BENCH_1` and so on. */
  readonly plans: readonly string[];
  remove(): void;
}

const repository = resolve(import.meta.dirname, '../../..');

export function benchWorkspace(rows: number, rounds: number): BenchWorkspace {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-workspace-'));
  linkOrCopy(millionRows(rows), join(folder, 'rows.db'));
  copyFileSync(join(repository, 'samples/widgettdc/widget-tdc.db'), join(folder, 'widget-tdc.db'));
  const plans = Array.from({ length: rounds }, (_, round) => `rows-${round + 1}.sluice.json`);
  const first = join(folder, plans[0]!);
  execFileSync(process.execPath, [join(repository, 'dist/sluice.js'), 'plan', 'rows.db', '--target', targetOf(0), '-o', first], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, BENCH_1: 'postgresql://127.0.0.1/never-asked' },
  });
  const text = readFileSync(first, 'utf8');
  for (const [round, plan] of plans.entries()) writeFileSync(join(folder, plan), text.replaceAll(targetOf(0), targetOf(round)));
  return { folder, plans, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Profile of the target of a round, counted from 0. */
function targetOf(round: number): string {
  return `env:BENCH_${round + 1}`;
}

/** The store lies in a cache that later runs use; the source is only read. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
