import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import { answered } from './ask/cancelled.ts';
import { pickOne } from './ask/pick-one.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';
import { planTableOf } from './plan-table-of.ts';

export const changeColumnType: Command = {
  id: commandIds.changeColumnType,
  async run(host, argument) {
    const node = nodeOf(argument, 'plan-column');
    if (node === null) return;
    const { state, table } = await planTableOf(host, node);
    const column = table.columns[node.column];
    if (column === undefined) return;
    const { typeChoices } = await import('../core/plan/type-choices.ts');
    const other = vscode.l10n.t('Another type…');
    const items: vscode.QuickPickItem[] = typeChoices(column, '').map((choice) => ({
      label: choice.type,
      description: choice.type === column.type ? vscode.l10n.t('now') : choice.detail,
    }));
    const picked = await pickOne([...items, { label: other }], { placeHolder: vscode.l10n.t('PostgreSQL type of {0}', column.to) });
    const type =
      picked.label === other
        ? answered(await vscode.window.showInputBox({ prompt: vscode.l10n.t('PostgreSQL type'), value: column.type, ignoreFocusOut: true }))
        : picked.label;
    if (type !== column.type) await host.plans.edit(state.uri, { kind: 'column-type', table: node.table, column: node.column, type });
  },
};
