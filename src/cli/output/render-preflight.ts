import type { RunResult } from '../../core/index.ts';
import { describeEstimate } from '../../core/mapping/advice-words.ts';
import { oneLine } from '../../core/model/one-line.ts';
import { formatBytes, formatNumber } from '../../core/report/format-quantity.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';

/** What was found before anything was created: all of it after a dry run, else what the run does not tell again. */
export function renderPreflight({ preflight, runId }: Pick<RunResult, 'preflight' | 'runId'>): string[] {
  if (preflight === null) return [];
  const dry = runId === null;
  const found = preflight.findings.filter(({ code }) => dry || !toldByTheRun.has(code));
  const lines = [
    ...(dry ? [...rowsTried(preflight), ...preflight.disk.map(diskLine), ...preflight.vectorIndexes.map(indexLine)] : []),
    ...found.map(({ severity, message, remedy }) => `${severity}: ${oneLine(message)} ${remedy}`),
  ];
  return lines.length === 0 ? [] : ['', 'preflight:', ...lines.map((line) => `  ${visibleControls(line)}`)];
}

/** Each change and each reject is told again, as it came. */
const toldByTheRun: ReadonlySet<string> = new Set(['values-change', 'rejects-known', 'check-broken']);

type Checked = NonNullable<RunResult['preflight']>;

function rowsTried({ rows }: Checked): string[] {
  return rows === null ? [] : [`${formatNumber(rows.checked, 'row')} converted, ${formatNumber(rows.rejects, 'row')} would be rejected`];
}

function indexLine({ table, index, method, rows, buildBytes, buildMemory, ...estimate }: Checked['vectorIndexes'][number]): string {
  const short =
    buildMemory !== null && buildMemory < buildBytes ? `; a build gets ${formatBytes(buildMemory)} here, so that it takes longer` : '';
  return `${method} index ${index} of ${table} over ${formatNumber(rows, 'row')}: about ${describeEstimate({ ...estimate, buildBytes })} (an estimate)${short}`;
}

function diskLine({ what, path, needed, free }: Checked['disk'][number]): string {
  const room = free === null ? 'free space is not known' : `${formatBytes(free)} free`;
  return what === 'target'
    ? `about ${formatBytes(needed)} in ${path ?? 'the database'}; ${room}`
    : `${formatBytes(needed)} of ${what} in ${path ?? 'the scratch folder'}; ${room}`;
}
