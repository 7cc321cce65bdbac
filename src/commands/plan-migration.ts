import path from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import { commonFolder } from './ask/common-folder.ts';
import { askStore, type StoreQuestion } from './ask/ask-store.ts';
import { answered } from './ask/cancelled.ts';
import { plainMessage } from './ask/plain-text.ts';
import { canWriteTo, writeNewPlan, writePlanAs } from './ask/save-plan.ts';
import type { Command } from './command.ts';
import { nodeOf, uriOf } from './node-of.ts';
import { withProgress } from './with-progress.ts';

/** Reads every value of a store, or of all that are selected, and writes one plan beside them, as a file that the user can read and change. */
export const planMigration: Command = {
  id: commandIds.planMigration,
  async run(host, argument, selection) {
    const selected = selectedPaths(argument, selection);
    const locations = selected.length > 0 ? selected : [await askStore(host, storeQuestion())];
    const dir = commonFolder(locations);
    const { name } = path.parse(locations[0] ?? dir);
    // Asked before a store is read, because the plan says where the stores are from its own folder.
    const chosen = (await canWriteTo(dir)) ? null : await askFile(name);
    const directory = chosen === null ? dir : path.dirname(chosen);
    const { text, warnings } = await withProgress(plainMessage(vscode.l10n.t('Reading {0}', shownNames(locations))), (signal) =>
      host.engines.browse('plan', { locations, directory, name, targetProfile: host.targets.current.id, options: {} }, signal),
    );
    const file = await (chosen === null ? writeNewPlan(dir, name, text) : writePlanAs(chosen, text));
    for (const warning of warnings) host.log.warn(`${warning.code}: ${warning.message}`);
    await host.plans.open(vscode.Uri.file(file));
  },
};

/** What a menu was opened on, and the others that were selected with it; in the order of their paths, so that the same selection gives the same plan. */
function selectedPaths(argument: unknown, selection: unknown): readonly string[] {
  const pathOf = (one: unknown): string | null => nodeOf(one, 'store', 'store-table')?.path ?? uriOf(one)?.fsPath ?? null;
  const own = pathOf(argument);
  if (own === null) return [];
  const all = (Array.isArray(selection) ? (selection as readonly unknown[]) : []).flatMap((one) => pathOf(one) ?? []);
  return all.includes(own) ? [...new Set(all)].toSorted() : [own];
}

function shownNames(locations: readonly string[]): string {
  const names = locations.map((location) => path.basename(location));
  return names.length <= 3 ? names.join(', ') : vscode.l10n.t('{0} and {1} other stores', names[0] ?? '', names.length - 1);
}

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
