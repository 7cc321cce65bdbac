import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import { targetNameOf } from './ask/ask-table.ts';
import { answered } from './ask/cancelled.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';
import { planTableOf } from './plan-table-of.ts';

export const renameTable: Command = {
  id: commandIds.renameTable,
  async run(host, argument) {
    const node = nodeOf(argument, 'plan-table');
    if (node === null) return;
    const { state, plan, table } = await planTableOf(host, node);
    const before = targetNameOf(plan, table).table;
    const to = answered(
      await vscode.window.showInputBox({
        prompt: vscode.l10n.t('Name of the table in PostgreSQL'),
        value: before,
        ignoreFocusOut: true,
        validateInput: (text) =>
          new TextEncoder().encode(text).length > 63
            ? vscode.l10n.t('PostgreSQL takes names of up to 63 bytes.')
            : text === ''
              ? vscode.l10n.t('A table needs a name.')
              : null,
      }),
    );
    if (to !== before) await host.plans.edit(state.uri, { kind: 'rename-table', table: node.table, to });
  },
};
