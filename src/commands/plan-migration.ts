import path from 'node:path';
import * as vscode from 'vscode';
import type { Host } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import { answered } from './ask/cancelled.ts';
import type { Command } from './command.ts';
import { nodeOf, uriOf } from './node-of.ts';
import { withProgress } from './with-progress.ts';

/** Reads every value of a store and writes the plan beside it, as a file that the user can read and change. */
export const planMigration: Command = {
  id: commandIds.planMigration,
  async run(host, argument) {
    const location = nodeOf(argument, 'store', 'store-table')?.path ?? uriOf(argument)?.fsPath ?? (await askStore(host));
    const file = await freeFile(location);
    const { text, warnings } = await withProgress(vscode.l10n.t('Reading {0}', path.basename(location)), (signal) =>
      host.engines.browse(
        'plan',
        {
          locations: [location],
          directory: path.dirname(file.fsPath),
          name: path.parse(location).name,
          targetProfile: host.targets.current.id,
          options: {},
        },
        signal,
      ),
    );
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    for (const warning of warnings) host.log.warn(`${warning.code}: ${warning.message}`);
    await host.plans.open(file);
  },
};

async function askStore(host: Host): Promise<string> {
  if (host.stores.list.length === 0) await host.stores.discover();
  const [only, ...others] = host.stores.list;
  if (only === undefined) {
    const files = await vscode.window.showOpenDialog({ title: vscode.l10n.t('Store to migrate'), openLabel: vscode.l10n.t('Plan') });
    const picked = answered(files?.[0]);
    await host.stores.add(picked.fsPath);
    return picked.fsPath;
  }
  if (others.length === 0) return only.path;
  const items = host.stores.list.map((store) => ({
    label: vscode.workspace.asRelativePath(store.path),
    description: store.recognised.kind,
    store,
  }));
  return answered(await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Store to migrate') })).store.path;
}

/** `<store>.sluice.json` beside the store, or a numbered one: a plan that somebody may have edited is never replaced. */
async function freeFile(location: string): Promise<vscode.Uri> {
  const { dir, name } = path.parse(location);
  for (let n = 1; ; n++) {
    const file = vscode.Uri.file(path.join(dir, `${name}${n === 1 ? '' : `-${n}`}.sluice.json`));
    const taken = await vscode.workspace.fs.stat(file).then(
      () => true,
      () => false,
    );
    if (!taken) return file;
  }
}
