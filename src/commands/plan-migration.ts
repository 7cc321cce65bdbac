import path from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import { askStore, type StoreQuestion } from './ask/ask-store.ts';
import { answered } from './ask/cancelled.ts';
import { plainMessage } from './ask/plain-text.ts';
import { canWriteTo, writeNewPlan, writePlanAs } from './ask/save-plan.ts';
import type { Command } from './command.ts';
import { nodeOf, uriOf } from './node-of.ts';
import { withProgress } from './with-progress.ts';

/** Reads every value of a store and writes the plan beside it, as a file that the user can read and change. */
export const planMigration: Command = {
  id: commandIds.planMigration,
  async run(host, argument) {
    const location = nodeOf(argument, 'store', 'store-table')?.path ?? uriOf(argument)?.fsPath ?? (await askStore(host, storeQuestion()));
    const { dir, name } = path.parse(location);
    // Asked before the store is read, because the plan says where the store is from its own folder.
    const chosen = (await canWriteTo(dir)) ? null : await askFile(name);
    const directory = chosen === null ? dir : path.dirname(chosen);
    const { text, warnings } = await withProgress(plainMessage(vscode.l10n.t('Reading {0}', path.basename(location))), (signal) =>
      host.engines.browse('plan', { locations: [location], directory, name, targetProfile: host.targets.current.id, options: {} }, signal),
    );
    const file = await (chosen === null ? writeNewPlan(dir, name, text) : writePlanAs(chosen, text));
    for (const warning of warnings) host.log.warn(`${warning.code}: ${warning.message}`);
    await host.plans.open(vscode.Uri.file(file));
  },
};

function storeQuestion(): StoreQuestion {
  return { title: vscode.l10n.t('Store to migrate'), openLabel: vscode.l10n.t('Plan') };
}

/** A store may lie where nothing can be written. */
async function askFile(name: string): Promise<string> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  const file = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Nothing can be written beside the store. Save its plan as'),
    saveLabel: vscode.l10n.t('Plan'),
    filters: { [vscode.l10n.t('Sluice plan')]: ['sluice.json'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `${name}.sluice.json`) }),
  });
  return answered(file).fsPath;
}
