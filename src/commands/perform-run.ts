import * as vscode from 'vscode';
import type { Host, RunEntry, RunStart } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import { plainMessage } from './ask/plain-text.ts';
import { runEnd, runLine, type RunAction, type RunEnd } from './run-messages.ts';

/** Starts a run, shows its one notification while it goes on, and its one toast at the end. */
export async function performRun(host: Host, name: string, start: RunStart): Promise<RunEntry> {
  const title = start.resume === null ? vscode.l10n.t('Running {0}', name) : vscode.l10n.t('Resuming {0}', name);
  const run = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plainMessage(title), cancellable: true },
    (progress, token) => {
      let shown = 0;
      let wanted = false;
      const running = host.runs.start(start, (event) => {
        if (wanted) cancelLive();
        const line = runLine(event, vscode.l10n.t);
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
  tellEnd(run, runEnd(run, vscode.l10n.t));
  return run;
}

function tellEnd(run: RunEntry, { level, text, actions }: RunEnd): void {
  const show = {
    info: vscode.window.showInformationMessage,
    warning: vscode.window.showWarningMessage,
    error: vscode.window.showErrorMessage,
  }[level];
  const offered = actions.map((action) => ({ action, label: labelOf(action) }));
  void show(plainMessage(text), ...offered.map(({ label }) => label)).then((choice) => {
    const chosen = offered.find(({ label }) => label === choice);
    if (chosen === undefined) return;
    const argument = chosen.action === 'rows' ? run.planUri : { kind: 'run', key: run.key };
    void vscode.commands.executeCommand(commandOf[chosen.action], argument);
  });
}

const commandOf: Readonly<Record<RunAction, string>> = {
  report: commandIds.openReport,
  rows: commandIds.openRows,
  resume: commandIds.resumeRun,
  'roll-back': commandIds.rollBackRun,
  log: commandIds.showLog,
};

function labelOf(action: RunAction): string {
  const labels: Record<RunAction, string> = {
    report: vscode.l10n.t('Report'),
    rows: vscode.l10n.t('Rows'),
    resume: vscode.l10n.t('Resume'),
    'roll-back': vscode.l10n.t('Roll Back'),
    log: vscode.l10n.t('Show Log'),
  };
  return labels[action];
}
