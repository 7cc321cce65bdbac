import type { EngineEvent, Phase } from '../../core/index.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import { formatCount, formatNumber } from '../../core/report/format-quantity.ts';

const phaseTitles: Record<Phase, string> = {
  open: 'opening the source',
  profile: 'reading every value',
  preflight: 'checking the target',
  'pre-data': 'creating tables',
  compare: 'finding changes',
  data: 'loading rows',
  'post-data': 'keys and indexes',
  verify: 'comparing every cell',
  search: 'comparing vectors',
  embed: 'computing embeddings',
  health: 'examining vectors',
};

export function phaseTitle(phase: Phase): string {
  return phaseTitles[phase];
}

/** What the bar shows at one moment. */
export interface ProgressState {
  readonly phase: Phase;
  readonly table: string | null;
  readonly progress: Extract<EngineEvent, { type: 'progress' }> | null;
  /** Index that is being built. */
  readonly index?: IndexEvent | null;
  /** Files of a store that is being opened. */
  readonly files?: FilesEvent | null;
}

export type FilesEvent = Extract<EngineEvent, { type: 'files' }>;

export type IndexEvent = Extract<EngineEvent, { type: 'index' }>;

/** One line of at most `width` characters: phase, bar, percent, rows, rate, time left, table; the right end gives way on a narrow screen. */
export function formatProgress(state: ProgressState, width: number): string {
  const { progress } = state;
  const parts = [phaseTitle(state.phase).padEnd(titleWidth)];
  if (state.index) parts.push(...building(state.index));
  else if (state.files) parts.push(...filesSoFar(state.files));
  else if (progress !== null) parts.push(...measures(progress));
  if (state.table !== null && !state.index) parts.push(state.table);
  const line = parts.join('  ');
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}

const titleWidth = Math.max(...Object.values(phaseTitles).map((title) => title.length));
const barWidth = 24;

function measures(progress: NonNullable<ProgressState['progress']>): string[] {
  const rate = `${formatCount(progress.rate)} rows/s`;
  if (progress.totalRows === null || progress.totalRows === 0) return [formatNumber(progress.rows, 'row'), rate];
  const part = Math.min(1, progress.rows / progress.totalRows);
  const left = progress.secondsLeft === null ? [] : [`${formatTimeLeft(progress.secondsLeft)} left`];
  return [...bar(part), `${formatCount(progress.rows)} / ${formatNumber(progress.totalRows, 'row')}`, rate, ...left];
}

/** How many there are is known when all are found. */
function filesSoFar({ files, totalFiles }: FilesEvent): string[] {
  if (totalFiles === null || totalFiles === 0) return [`${formatNumber(files, 'file')} found`];
  return [...bar(Math.min(1, files / totalFiles)), `${formatCount(files)} / ${formatNumber(totalFiles, 'file')}`];
}

/** A server that does not say how far it is has no bar. */
function building({ index, step, percent }: IndexEvent): string[] {
  return [...(percent === null ? [] : bar(percent / 100)), visibleControls(index), ...(step === null ? [] : [step])];
}

function bar(part: number): string[] {
  const filled = Math.floor(part * barWidth);
  return [`${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`, `${String(Math.floor(part * 100)).padStart(3)} %`];
}

/** Whole seconds: a number that jumps about tells nothing. */
export function formatTimeLeft(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}
