import { readFileSync } from 'node:fs';
import type { CliProcess } from './run-cli.ts';

/** The kernel's own high-water mark of a call of `sluice`, all threads, in MB; resolves when the call has ended. */
export async function kernelPeakMb({ pid, finished }: CliProcess): Promise<number> {
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, peakMb(pid))), 50);
  await finished.finally(() => clearInterval(watch));
  return peak;
}

/** The high-water mark of a process so far; 0 when it is gone. */
export function peakMb(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
