import * as vscode from 'vscode';
import { commandIds, viewIds } from '../ids.ts';
import { answered } from './ask/cancelled.ts';
import { plainMessage } from './ask/plain-text.ts';
import type { Command } from './command.ts';
import { uriOf } from './node-of.ts';
import { withProgress } from './with-progress.ts';

export const addSource: Command = {
  id: commandIds.addSource,
  async run(host, argument) {
    const uri = uriOf(argument) ?? (await askFile());
    await withProgress(plainMessage(vscode.l10n.t('Opening {0}', vscode.workspace.asRelativePath(uri))), () => host.stores.add(uri.fsPath));
    await vscode.commands.executeCommand(`${viewIds.sources}.focus`);
  },
};

async function askFile(): Promise<vscode.Uri> {
  const files = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Add Source'),
    openLabel: vscode.l10n.t('Add'),
    canSelectMany: false,
  });
  return answered(files?.[0]);
}
