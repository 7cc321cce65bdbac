import * as vscode from 'vscode';
import { showVirtualText } from '../editors/virtual-texts.ts';
import { commandIds } from '../ids.ts';
import { askPlan, requireValid } from './ask/ask-plan.ts';
import { labelOf } from './ask/ask-table.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';

export const previewSql: Command = {
  id: commandIds.previewSql,
  async run(host, argument) {
    const state = await askPlan(host, argument);
    const plan = requireValid(state);
    const node = nodeOf(argument, 'plan-table');
    const table = node === null ? undefined : plan.tables[node.table];
    const label = table === undefined ? null : labelOf(plan, table);
    const sql = await host.engines.browse('previewSql', {
      input: { text: state.text, path: state.uri.fsPath },
      ...(label === null ? {} : { tables: [label] }),
    });
    await showVirtualText('sluice-sql', vscode.l10n.t('{0}: SQL', label ?? plan.name), sql);
  },
};
