import * as vscode from 'vscode';
import type { EngineEvent } from '../core/engine-deps.ts';
import { MigrationError } from '../core/errors.ts';
import { commandIds } from '../ids.ts';
import { askPlan, requireValid } from './ask/ask-plan.ts';
import { askRun, canBeRetried } from './ask/ask-run.ts';
import { confirmProtected } from './ask/confirm-writing.ts';
import { plainMessage } from './ask/plain-text.ts';
import { planOfRun } from './ask/plan-of-run.ts';
import type { Command } from './command.ts';
import { retryEnd, runLine } from './run-messages.ts';
import { withProgress } from './with-progress.ts';

/** Writes the rejected rows that fit the plan as it is now, verifies everything, and says once how it ended. */
export const retryRejects: Command = {
  id: commandIds.retryRejects,
  async run(host, argument) {
    const run = await askRun(host, argument, canBeRetried, 'There is no run with rejected rows');
    if (!canBeRetried(run)) throw new MigrationError('not-retryable', { context: { runId: run.runId ?? run.name, status: run.status } });
    const state = await askPlan(host, await planOfRun(host, run));
    requireValid(state);
    await confirmProtected(host, run.profile, vscode.l10n.t('Rejected rows of {0} that fit the plan are written there.', run.name));
    const retried = await withProgress(vscode.l10n.t('Retrying rejected rows of {0}', run.name), (signal, report) => {
      const plan = { text: state.text, path: state.uri.fsPath };
      const onEvent = (event: EngineEvent): void => {
        const line = runLine(event, vscode.l10n.t);
        if (line !== null) report(line.text);
      };
      return host.runs.retryRejects(run, { plan, onEvent }, signal);
    });
    const { level, text } = retryEnd(run.name, retried, vscode.l10n.t);
    const show = level === 'info' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    const open = vscode.l10n.t('Report');
    void show(plainMessage(text), open).then((choice) => {
      if (choice === open) void vscode.commands.executeCommand(commandIds.openReport, { kind: 'run', key: run.key });
    });
  },
};
