import * as vscode from 'vscode';
import type { Runs } from '../../host/host.ts';
import { viewIds } from '../../ids.ts';
import { translate } from '../node-provider.ts';
import { runStatusText } from './run-status-text.ts';

/** The run under way, for whoever looks at another view. It is told at once, and goes with the run. */
export function createRunStatusBar(runs: Runs): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('sluice.run', vscode.StatusBarAlignment.Left);
  item.name = vscode.l10n.t('Sluice Run');
  item.tooltip = vscode.l10n.t('Show the runs');
  item.command = `${viewIds.runs}.focus`;
  const draw = (): void => {
    const text = runStatusText(runs.list, translate);
    if (text === null) {
      item.hide();
      return;
    }
    item.text = `$(sync~spin) ${text}`;
    item.accessibilityInformation = { label: text, role: 'button' };
    item.show();
  };
  draw();
  return vscode.Disposable.from(runs.onDidChange(draw), item);
}
