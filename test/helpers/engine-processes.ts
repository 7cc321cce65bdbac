import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Editor } from './editor.ts';

/** Process ids of the engines that this editor has started, and no others: they have inherited its HOME. */
export function engineProcesses({ home }: Pick<Editor, 'home'>): ReadonlySet<number> {
  return childrenThatRun('engine-process.js', home);
}

/** Those that own an embedded database. */
export function embeddedProcesses({ home }: Pick<Editor, 'home'>): ReadonlySet<number> {
  return childrenThatRun('embedded-process.js', home);
}

/** Resolves with the milliseconds until none of them is left; throws after `withinMs`. */
export async function untilGone(pids: Iterable<number>, withinMs: number): Promise<number> {
  const started = performance.now();
  const left = (): number[] => [...pids].filter((pid) => read(pid, 'cmdline') !== '');
  while (left().length > 0) {
    if (performance.now() - started > withinMs) throw new Error(`${left().join(', ')} still run after ${withinMs} ms`);
    await sleep(20);
  }
  return Math.round(performance.now() - started);
}

function childrenThatRun(file: string, home: string): ReadonlySet<number> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Set(
    pids
      .map(Number)
      .filter((pid) =>
        read(pid, 'cmdline')
          .split('\0')
          .some((word) => word.endsWith(`/${file}`)),
      )
      .filter((pid) => read(pid, 'environ').split('\0').includes(`HOME=${home}`)),
  );
}

/** Empty for a process that has gone, waits to be buried, or is somebody else's. */
function read(pid: number, what: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8');
  } catch {
    return '';
  }
}
