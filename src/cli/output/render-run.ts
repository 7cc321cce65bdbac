import type { RunResult, TargetChoice } from '../../core/index.ts';
import { comparedInPart } from '../../core/model/compared-in-part.ts';
import { formatBytes, formatCount, formatNumber, formatSeconds } from '../../core/report/format-quantity.ts';
import type { FollowUp } from '../follow-up.ts';
import { renderFollowUps } from './render-follow-ups.ts';
import { renderPreflight } from './render-preflight.ts';
import { renderVerification } from './render-verification.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import { textTable } from './text-table.ts';

/** What a person reads when a run is over. */
export function renderRun(result: RunResult, target: TargetChoice, followUps: readonly FollowUp[]): string {
  const lines = [
    ...headline(result, target),
    ...renderPreflight(result),
    ...(result.runId === null ? [] : ['', ...outcome(result)]),
    ...notes(result),
  ];
  return `${[...lines, '', ...timing(result)].join('\n')}\n${renderFollowUps(followUps)}`;
}

function headline(result: RunResult, target: TargetChoice): string[] {
  return [
    result.runId === null
      ? 'dry run: source, plan and target were checked; nothing was created'
      : `run ${result.runId}: ${statusSentence(result)}`,
    ...Object.entries(result.sources).map(([name, location]) => `  from  ${visibleControls(`${name} (${location})`)}`),
    ...result.backups.map(({ source, path, sha256 }) => `  backup of ${visibleControls(`${source}: ${path}`)} (SHA-256 ${sha256})`),
    `  into  schema ${visibleControls(result.target.schema)} of ${visibleControls(target.name)}`,
  ];
}

function outcome(result: RunResult): string[] {
  return [
    ...textTable(
      [
        { title: 'table' },
        { title: 'rows read', align: 'right' },
        { title: 'written', align: 'right' },
        { title: 'rejected', align: 'right' },
        { title: 'bytes', align: 'right' },
        { title: 'time', align: 'right' },
      ],
      result.tables.map((table) => [
        table.to,
        formatCount(table.rowsRead),
        formatCount(table.rowsWritten),
        formatCount(table.rowsRejected),
        formatBytes(table.bytes),
        formatSeconds(table.seconds),
      ]),
    ),
    '',
    ...renderVerification(result.verification),
  ];
}

function notes(result: RunResult): string[] {
  return [
    ...section(
      'warnings',
      result.warnings.map((warning) => `${warning.table === undefined ? '' : `${warning.table}: `}${warning.message}`),
    ),
    ...section('watermarks', result.tables.flatMap(watermark)),
    ...section(
      'values that changed',
      result.losses.map((loss) => `${loss.table}.${loss.column}: ${loss.message}`),
    ),
  ];
}

function watermark({ to, watermark: mark }: RunResult['tables'][number]): string[] {
  if (mark === undefined) return [];
  const { column, since, reached } = mark;
  const read = since === null ? 'all rows were read' : `rows were read from ${column} = ${since} on`;
  return [`${to}: ${read}; the next run reads ${reached === null ? 'all rows' : `from ${reached} on`}`];
}

function timing({ runId, seconds, peakRssMb }: RunResult): string[] {
  const phases = [
    `plan ${formatSeconds(seconds.plan)}`,
    `create ${formatSeconds(seconds.preData)}`,
    `load ${formatSeconds(seconds.data)}`,
    `keys and indexes ${formatSeconds(seconds.postData)}`,
    `verify ${formatSeconds(seconds.verify)}`,
  ];
  return [
    `time: ${runId === null ? '' : `${phases.join(', ')}; `}${formatSeconds(seconds.total)} in all; peak memory ${formatCount(peakRssMb)} MB`,
    '',
  ];
}

function statusSentence(result: RunResult): string {
  const inPart = comparedInPart(result.verification).length > 0;
  const match = inPart ? 'verified, every cell of the rows that were read matches' : 'verified, every cell matches';
  const proof = { match, mismatch: 'VERIFICATION FOUND DISCREPANCIES', skipped: 'not verified' }[result.verification.status];
  if (result.status === 'partial') return `partial, ${formatNumber(result.rejects, 'row')} rejected; ${proof}`;
  return `${result.status}; ${proof}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${visibleControls(line)}`)];
}
