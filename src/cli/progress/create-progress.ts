import type { Terminal } from '../terminal.ts';
import { barProgress } from './bar-progress.ts';
import { lineProgress } from './line-progress.ts';
import { ndjsonProgress } from './ndjson-progress.ts';
import type { Progress } from './progress.ts';

export const progressModes = ['auto', 'none', 'ndjson'] as const;
export type ProgressMode = (typeof progressModes)[number];

/** auto: a bar on a terminal, else a line per phase and table. With a log on the same screen, lines too. */
export function createProgress(mode: ProgressMode, terminal: Pick<Terminal, 'stderr' | 'environment'>, verbose: boolean): Progress {
  const { stderr } = terminal;
  if (mode === 'ndjson') return ndjsonProgress(stderr);
  if (mode === 'none') return { show: () => {}, note: (text) => void stderr.write(`${text}\n`), stop: () => {} };
  const bar = stderr.isTTY === true && terminal.environment['TERM'] !== 'dumb' && !verbose;
  return bar ? barProgress(stderr) : lineProgress(stderr);
}
