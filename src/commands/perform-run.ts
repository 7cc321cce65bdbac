import * as vscode from 'vscode';
import type { EngineEvent } from '../core/engine-deps.ts';
import type { Host, RunEntry, RunStart } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import { phaseTitle } from '../views/runs/phase-title.ts';
import { sentenceOf } from './show-error.ts';

/** Starts a run, shows its one notification while it goes on, and its one toast at the end. */
export async function performRun(host: Host, name: string, start: RunStart): Promise<RunEntry> {
  const title = start.resume === null ? vscode.l10n.t('Running {0}', name) : vscode.l10n.t('Resuming {0}', name);
  const run = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) => {
      let shown = 0;
      let wanted = false;
      const running = host.runs.start(start, (event) => {
        if (wanted) cancelLive();
        const line = messageOf(event);
        if (line === null) return;
        progress.report({ message: line.text, increment: Math.max(0, line.percent - shown) });
        shown = Math.max(shown, line.percent);
      });
      const cancelLive = (): void => {
        // Not by profile: an embedded target may be known by another name once its folder exists.
        const live = host.runs.list.find((entry) => entry.live && entry.planUri?.toString() === start.plan.uri.toString());
        if (live !== undefined) host.runs.cancel(live.key);
      };
      token.onCancellationRequested(() => {
        wanted = true;
        progress.report({ message: vscode.l10n.t('cancelling…') });
        cancelLive();
      });
      return running;
    },
  );
  tellEnd(run);
  return run;
}

interface Line {
  readonly text: string;
  /** Of the phase that moves rows, 0 to 100. */
  readonly percent: number;
}

function messageOf(event: EngineEvent): Line | null {
  if (event.type === 'phase') return { text: phaseTitle(event.phase, vscode.l10n.t), percent: 0 };
  if (event.type !== 'progress') return null;
  const rows = new Intl.NumberFormat('en').format(event.rows);
  const share = event.totalRows === null || event.totalRows === 0 ? null : Math.min(1, event.rows / event.totalRows);
  const parts = [
    phaseTitle(event.phase, vscode.l10n.t),
    share === null ? vscode.l10n.t('{0} rows', rows) : `${Math.floor(share * 100)} %`,
    event.secondsLeft === null ? '' : vscode.l10n.t('{0} s left', Math.ceil(event.secondsLeft)),
  ];
  return {
    text: parts.filter((part) => part !== '').join(' · '),
    percent: event.phase === 'data' && share !== null ? Math.floor(share * 100) : 0,
  };
}

function tellEnd(run: RunEntry): void {
  const count = (rows: number): string => new Intl.NumberFormat('en').format(rows);
  if (run.status === 'cancelled') {
    const kept =
      run.rows === 0 ? vscode.l10n.t('No row was committed.') : vscode.l10n.t('{0} rows are committed and stay.', count(run.rows));
    offer('info', vscode.l10n.t('{0} was cancelled. {1} Resume Run goes on where it stopped.', run.name, kept), run, [
      resumeAction(),
      rollBackAction(),
    ]);
    return;
  }
  if (run.error !== null) {
    offer('error', sentenceOf(run.error), run, run.runId === null ? [] : [reportAction(), resumeAction(), rollBackAction()]);
    return;
  }
  const actions = [reportAction(), rowsAction(), rollBackAction()];
  if (run.verification === 'mismatch') offer('warning', vscode.l10n.t('{0}: the target differs from the source.', run.name), run, actions);
  else if (run.rejects > 0)
    offer(
      'warning',
      vscode.l10n.t('{0}: {1} rows arrived, {2} were rejected.', run.name, count(run.rows), count(run.rejects)),
      run,
      actions,
    );
  else if (run.verification === 'match')
    offer('info', vscode.l10n.t('{0}: {1} rows arrived, every cell compared.', run.name, count(run.rows)), run, actions);
  else offer('info', vscode.l10n.t('{0}: {1} rows arrived, not verified.', run.name, count(run.rows)), run, actions);
}

interface Action {
  readonly label: string;
  readonly command: string;
}

const reportAction = (): Action => ({ label: vscode.l10n.t('Report'), command: commandIds.openReport });
const rowsAction = (): Action => ({ label: vscode.l10n.t('Rows'), command: commandIds.openRows });
const resumeAction = (): Action => ({ label: vscode.l10n.t('Resume'), command: commandIds.resumeRun });
const rollBackAction = (): Action => ({ label: vscode.l10n.t('Roll Back'), command: commandIds.rollBackRun });

function offer(level: 'info' | 'warning' | 'error', message: string, run: RunEntry, actions: readonly Action[]): void {
  const show = {
    info: vscode.window.showInformationMessage,
    warning: vscode.window.showWarningMessage,
    error: vscode.window.showErrorMessage,
  }[level];
  void show(message, ...actions.map(({ label }) => label)).then((choice) => {
    const action = actions.find(({ label }) => label === choice);
    if (action === undefined) return;
    const argument = action.command === commandIds.openRows ? run.planUri : { kind: 'run', key: run.key };
    void vscode.commands.executeCommand(action.command, argument);
  });
}
