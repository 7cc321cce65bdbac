import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import { confirm } from './ask/confirm-writing.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';

export const removeTarget: Command = {
  id: commandIds.removeTarget,
  async run(host, argument) {
    const node = nodeOf(argument, 'target');
    if (node === null) return;
    const remove = vscode.l10n.t('Remove');
    await confirm(
      vscode.l10n.t('Remove the target {0} from the list?', host.targets.find(node.profile)?.profile.label ?? node.profile),
      vscode.l10n.t('Its address and password are forgotten. The database itself is not touched.'),
      remove,
    );
    await host.targets.remove(node.profile);
  },
};
