import type { EngineEvent } from '../core/engine-deps.ts';
import type { RetryResult } from '../core/index.ts';
import { oneLine } from '../core/model/one-line.ts';
import { visibleControls } from '../core/report/visible-controls.ts';
import type { RunEntry } from '../host/host.ts';
import { formatCount, formatSecondsLeft } from '../views/format-quantity.ts';
import { phaseTitle } from '../views/runs/phase-title.ts';
import type { Translate } from '../views/tree-item-spec.ts';

/** One state of a run's notification. */
export interface RunLine {
  readonly text: string;
  /** Of the phase that moves rows, 0 to 100. */
  readonly percent: number;
}

/** What a run's notification says after an event; null when it stays as it is. */
export function runLine(event: EngineEvent, t: Translate): RunLine | null {
  if (event.type === 'phase') return { text: phaseTitle(event.phase, t), percent: 0 };
  if (event.type === 'index') return indexLine(event, t);
  if (event.type !== 'progress') return null;
  const share = event.totalRows === null || event.totalRows === 0 ? null : Math.floor(Math.min(1, event.rows / event.totalRows) * 100);
  const parts = [
    phaseTitle(event.phase, t),
    share === null ? (event.rows === 1 ? t('1 row') : t('{0} rows', formatCount(event.rows))) : `${share} %`,
    ...(event.secondsLeft === null ? [] : [t('{0} left', formatSecondsLeft(event.secondsLeft))]),
  ];
  return { text: parts.join(' · '), percent: event.phase === 'data' && share !== null ? share : 0 };
}

/** A build that is over leaves its line until the next one begins. */
function indexLine({ index, state, percent }: Extract<EngineEvent, { type: 'index' }>, t: Translate): RunLine | null {
  if (state === 'done') return null;
  const parts = [t('building {0}', visibleControls(index)), ...(percent === null ? [] : [`${percent} %`])];
  return { text: parts.join(' · '), percent: 0 };
}

export type RunAction = 'report' | 'rows' | 'resume' | 'roll-back' | 'log';

/** The one toast at the end of a run. */
export interface RunEnd {
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
  /** Only those that can be done to this run. */
  readonly actions: readonly RunAction[];
}

/** How a run ended, whatever its end. */
export function runEnd(run: RunEntry, t: Translate): RunEnd {
  if (run.status === 'cancelled') return cancelledEnd(run, t);
  if (run.error !== null) return failedEnd(run, run.error, t);
  return arrivedEnd(run, t);
}

/** Without an id nothing was begun: there is nothing to go on with or to take back. */
function cancelledEnd(run: RunEntry, t: Translate): RunEnd {
  if (run.runId === null) return { level: 'info', text: t('{0} was cancelled. Nothing was written.', run.name), actions: [] };
  const text = t('{0} was cancelled. {1} Resume Run goes on where it stopped.', run.name, committed(run, t));
  return { level: 'info', text, actions: ['resume', 'roll-back'] };
}

function failedEnd(run: RunEntry, error: NonNullable<RunEntry['error']>, t: Translate): RunEnd {
  const begun = run.runId !== null;
  const sentences = [t('{0} failed.', run.name), oneLine(error.message), ...(begun ? [committed(run, t)] : []), error.remedy];
  return {
    level: 'error',
    text: sentences.filter((sentence) => sentence !== '').join(' '),
    actions: begun ? ['report', 'resume', 'roll-back'] : ['log'],
  };
}

/** A mismatch outweighs rejects, as in the exit codes of the command line. */
function arrivedEnd(run: RunEntry, t: Translate): RunEnd {
  const actions = ['report', 'rows', 'roll-back'] as const;
  const rows = syncedRows(run, t) ?? (run.rows === 1 ? t('1 row arrived') : t('{0} rows arrived', formatCount(run.rows)));
  const rejected = run.rejects === 1 ? t('1 was rejected') : t('{0} were rejected', formatCount(run.rejects));
  const arrived = run.rejects === 0 ? rows : t('{0}, {1}', rows, rejected);
  if (run.verification === 'mismatch')
    return { level: 'warning', text: t('{0}: {1}, but the target differs from the source.', run.name, arrived), actions };
  const proof = run.verification === 'match' ? t('every cell compared') : t('not verified');
  return { level: run.rejects > 0 ? 'warning' : 'info', text: t('{0}: {1}, {2}.', run.name, arrived, proof), actions };
}

/** "3 rows are new or changed, 4,997 unchanged, 1 gone from the source"; null unless the run compared its rows with tables that were there. */
function syncedRows(run: RunEntry, t: Translate): string | null {
  const outcomes = (run.result?.tables ?? []).flatMap(({ existing }) => (existing?.mode === 'sync' ? [existing] : []));
  if (outcomes.length === 0) return null;
  const sum = (key: 'unchanged' | 'gone' | 'deleted'): number => outcomes.reduce((total, outcome) => total + (outcome[key] ?? 0), 0);
  const [unchanged, gone, deleted] = [sum('unchanged'), sum('gone'), sum('deleted')];
  return [
    run.rows === 1 ? t('1 row is new or changed') : t('{0} rows are new or changed', formatCount(run.rows)),
    t('{0} unchanged', formatCount(unchanged)),
    ...(gone === 0 ? [] : [t('{0} gone from the source and kept', formatCount(gone))]),
    ...(deleted === 0 ? [] : [t('{0} gone from the source and deleted', formatCount(deleted))]),
  ].join(', ');
}

/** How a retry of rejected rows ended. */
export function retryEnd(
  name: string,
  { retried, result }: Pick<RetryResult, 'retried' | 'result'>,
  t: Translate,
): Pick<RunEnd, 'level' | 'text'> {
  const went = retried === 1 ? t('1 row went in') : t('{0} rows went in', formatCount(retried));
  const left = result.rejects === 1 ? t('1 is still rejected') : t('{0} are still rejected', formatCount(result.rejects));
  if (result.verification.status === 'mismatch')
    return { level: 'warning', text: t('{0}: {1}, but the target differs from the source.', name, went) };
  if (result.rejects > 0) return { level: 'warning', text: t('{0}: {1}, {2}; the Runs view says why.', name, went, left) };
  return { level: 'info', text: t('{0}: {1}, no row is rejected any more, every cell compared.', name, went) };
}

function committed({ rows, rowsCounted }: RunEntry, t: Translate): string {
  if (!rowsCounted && rows === 0) return t('The Runs view will show how many rows are committed.');
  if (!rowsCounted && rows === 1) return t('At least 1 row is committed and stays.');
  if (!rowsCounted) return t('At least {0} rows are committed and stay.', formatCount(rows));
  if (rows === 0) return t('No row is committed yet.');
  return rows === 1 ? t('1 row is committed and stays.') : t('{0} rows are committed and stay.', formatCount(rows));
}
