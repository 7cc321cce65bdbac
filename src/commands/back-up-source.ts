import path from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import { askStore } from './ask/ask-store.ts';
import { answered } from './ask/cancelled.ts';
import { plainMessage } from './ask/plain-text.ts';
import type { Command } from './command.ts';
import { nodeOf, uriOf } from './node-of.ts';
import { withProgress } from './with-progress.ts';

/** Copies a store as it is now into a folder that the user chooses; the copy is compared before it gets its name. */
export const backUpSource: Command = {
  id: commandIds.backUpSource,
  async run(host, argument) {
    const location =
      nodeOf(argument, 'store')?.path ??
      uriOf(argument)?.fsPath ??
      (await askStore(host, { title: vscode.l10n.t('Store to back up'), openLabel: vscode.l10n.t('Back Up') }));
    const folders = await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Folder for the backup of {0}', path.basename(location)),
      openLabel: vscode.l10n.t('Back Up Here'),
      canSelectFiles: false,
      canSelectFolders: true,
    });
    const directory = answered(folders?.[0]).fsPath;
    const backup = await withProgress(vscode.l10n.t('Backing up {0}', path.basename(location)), (signal) =>
      host.engines.browse('backUp', { location, directory }, signal),
    );
    host.log.info(`backup of ${location}: ${backup.path}, SHA-256 ${backup.sha256}`);
    const reveal = vscode.l10n.t('Show in Folder');
    const text = vscode.l10n.t('{0} is backed up: {1}', path.basename(location), backup.path);
    void vscode.window.showInformationMessage(plainMessage(text), reveal).then((choice) => {
      if (choice === reveal) void vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(backup.path));
    });
  },
};
