import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Measured {
  readonly seconds: number;
  /** null where /usr/bin/time is missing. */
  readonly peakRssMb: number | null;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const timeProgram = '/usr/bin/time';

/** Runs a program to its end; wall time and, by GNU time, the peak resident memory of the program itself. */
export async function measure(command: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Measured> {
  const report = join(tmpdir(), `sluice-bench-time-${process.pid}`);
  const timed = existsSync(timeProgram) ? [timeProgram, '-f', '%M', '-o', report, ...command] : command;
  const start = performance.now();
  const [program, ...args] = timed;
  const child = spawn(program as string, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  const pieces = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (pieces.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (pieces.stderr += text));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, peakRssMb: readPeak(report), exitCode, ...pieces };
}

/** GNU time writes kilobytes in its last line; before it, a note when the program failed. */
function readPeak(report: string): number | null {
  if (!existsSync(report)) return null;
  const kilobytes = Number(readFileSync(report, 'utf8').trim().split('\n').at(-1));
  rmSync(report);
  return Number.isFinite(kilobytes) ? kilobytes / 1024 : null;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
