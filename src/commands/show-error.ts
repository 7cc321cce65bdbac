import * as vscode from 'vscode';
import { toErrorShape } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import { plainMessage } from './ask/plain-text.ts';

/** Shows what went wrong and what the user can do, once. What the user cancelled is shown to nobody. */
export function showError(host: Host, thrown: unknown): void {
  const error = toErrorShape(thrown);
  if (error.code === 'cancelled') return;
  host.log.error(`${error.code}: ${error.message}`);
  const showLog = vscode.l10n.t('Show Log');
  const lines = [error.message, error.remedy].filter((line) => line !== '').join(' ');
  void vscode.window.showErrorMessage(plainMessage(lines), showLog).then((choice) => {
    if (choice === showLog) void vscode.commands.executeCommand(commandIds.showLog);
  });
}
