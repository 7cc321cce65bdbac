import type { RunEntry } from '../../host/host.ts';
import { comparedInPart } from '../../core/model/compared-in-part.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import { formatCount, formatDay, formatSeconds, formatSecondsLeft } from '../format-quantity.ts';
import { escapeMarkdown } from '../messages.ts';
import type { Translate, TreeItemSpec } from '../tree-item-spec.ts';
import { phaseTitle } from './phase-title.ts';

/** "conversation-ai  62 % · 6 s left", "dira  48,211 rows · 14.2 s · yesterday", "council  3 rejects · partial · Tuesday". */
export function runItem(run: RunEntry, now: number, t: Translate): TreeItemSpec {
  const facts = run.live ? liveFacts(run, t) : [...endFacts(run, t), formatDay(run.startedAt, now, t)];
  const tooltip = [
    `**${escapeMarkdown(run.name)}**${run.runId === null ? '' : ` ${escapeMarkdown(run.runId)}`}`,
    escapeMarkdown(facts.join(' · ')),
    t('Target: {0}', escapeMarkdown(run.profile)),
    ...(run.live ? rateLine(run, t) : []),
    ...(run.verification === null ? [] : [verificationLine(run.verification, run.result, t)]),
    ...(run.error === null ? [] : [escapeMarkdown(`${run.error.message} ${run.error.remedy}`)]),
  ];
  return {
    label: run.name,
    description: facts.join(' · '),
    icon: runIcon(run),
    state: run.live && run.activity === 'run' ? 'expanded' : 'collapsed',
    context: runContext(run),
    tooltip: tooltip.join('\n\n'),
  };
}

/** Parts that the menus look for: live | report, resumable, retryable, undoable. */
function runContext(run: RunEntry): string {
  if (run.status === 'cancelling') return 'run-cancelling';
  if (run.live) return 'run-live';
  if (run.runId === null) return 'run-lost';
  const parts = ['run', 'report'];
  if (['failed', 'cancelled', 'running'].includes(run.status)) parts.push('resumable');
  if (run.status === 'partial') parts.push('retryable');
  if (run.status !== 'rolled-back') parts.push('undoable');
  return parts.join('-');
}

/** What goes on: "62 %" and "6 s left", or one word. */
export function liveFacts(run: RunEntry, t: Translate): readonly string[] {
  if (run.status === 'cancelling') return [t('cancelling…')];
  if (run.activity === 'roll-back') return [t('rolling back…')];
  if (run.activity === 'retry' && run.progress?.phase !== 'verify') return [t('retrying rejected rows…')];
  const { progress } = run;
  if (progress === null) return [run.activity === 'verify' ? t('verifying…') : t('starting…')];
  const { phase, rows, totalRows, secondsLeft, index } = progress;
  const title = phaseTitle(phase, t);
  if (index !== null) return indexFacts(index, t);
  if (phase !== 'data' && phase !== 'verify' && phase !== 'compare') return [run.status === 'starting' ? t('starting…') : title];
  if (totalRows === null || totalRows === 0)
    return [title, ...(rows > 0 ? [rows === 1 ? t('1 row') : t('{0} rows', formatCount(rows))] : [])];
  const share = `${Math.floor(Math.min(1, rows / totalRows) * 100)} %`;
  const shown = phase === 'verify' ? t('verifying {0}', share) : phase === 'compare' ? t('finding changes {0}', share) : share;
  return [shown, ...(secondsLeft === null ? [] : [t('{0} left', formatSecondsLeft(secondsLeft))])];
}

/** "building memories_embedding_idx", "62 %". */
function indexFacts({ name, percent }: NonNullable<NonNullable<RunEntry['progress']>['index']>, t: Translate): readonly string[] {
  return [t('building {0}', visibleControls(name)), ...(percent === null ? [] : [`${percent} %`])];
}

function endFacts(run: RunEntry, t: Translate): readonly string[] {
  const rows = run.rows === 1 ? t('1 row') : t('{0} rows', formatCount(run.rows));
  const rejects = run.rejects === 1 ? t('1 reject') : t('{0} rejects', formatCount(run.rejects));
  if (run.status === 'rolled-back') return [t('rolled back')];
  if (run.status === 'failed') return [t('failed'), ...(run.rows > 0 ? [rows] : [])];
  if (run.status === 'cancelled') return [t('cancelled'), ...(run.rows > 0 ? [rows] : [])];
  if (run.status === 'partial') return [rejects, t('partial'), ...differs(run, t)];
  if (run.status === 'done') return [rows, ...duration(run), ...differs(run, t)];
  return [t('unfinished'), ...(run.rows > 0 ? [rows] : [])];
}

function differs(run: RunEntry, t: Translate): readonly string[] {
  return run.verification === 'mismatch' ? [t('target differs')] : [];
}

function duration(run: RunEntry): readonly string[] {
  const seconds = run.result?.seconds.total ?? (run.finishedAt === null ? null : (run.finishedAt - run.startedAt) / 1000);
  return seconds === null ? [] : [formatSeconds(seconds)];
}

function rateLine(run: RunEntry, t: Translate): readonly string[] {
  const { progress } = run;
  if (progress === null || progress.rate <= 0) return [];
  const rows =
    progress.totalRows === null ? formatCount(progress.rows) : `${formatCount(progress.rows)} / ${formatCount(progress.totalRows)}`;
  const rate = formatCount(progress.rate);
  return [rows === '1' ? t('1 row, {0} rows/s', rate) : t('{0} rows, {1} rows/s', rows, rate)];
}

function verificationLine(verification: string, result: RunEntry['result'], t: Translate): string {
  if (verification === 'match' && result !== null && comparedInPart(result.verification).length > 0)
    return t('Verified: every cell of the rows that were read compared, no difference.');
  if (verification === 'match') return t('Verified: every cell compared, no difference.');
  return verification === 'mismatch' ? t('Verified: the target differs from the source.') : t('Not verified.');
}

function runIcon(run: RunEntry): NonNullable<TreeItemSpec['icon']> {
  if (run.live) return { id: 'sync~spin', color: 'charts.blue' };
  if (run.status === 'failed') return { id: 'error', color: 'list.errorForeground' };
  if (run.verification === 'mismatch' && run.status !== 'rolled-back') return { id: 'error', color: 'list.errorForeground' };
  if (run.status === 'partial') return { id: 'warning', color: 'list.warningForeground' };
  if (run.status === 'done') return { id: 'pass', color: 'charts.green' };
  if (run.status === 'cancelled') return { id: 'circle-slash' };
  return {
    id: run.status === 'rolled-back' ? 'discard' : 'debug-pause',
    ...(run.status === 'rolled-back' ? {} : { color: 'list.warningForeground' }),
  };
}
