import * as vscode from 'vscode';
import { openSchemaDiff } from '../editors/open-schema-diff.ts';
import { commandIds } from '../ids.ts';
import { askPlan, requireValid } from './ask/ask-plan.ts';
import { labelOf } from './ask/ask-table.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';
import { withProgress } from './with-progress.ts';

export const diffSchemas: Command = {
  id: commandIds.diffSchemas,
  async run(host, argument) {
    const state = await askPlan(host, argument);
    const plan = requireValid(state);
    const node = nodeOf(argument, 'plan-table');
    const table = node === null ? undefined : plan.tables[node.table];
    const result = await withProgress(vscode.l10n.t('Comparing the target with {0}', plan.name), (signal) =>
      host.plans.diff(state.uri, signal),
    );
    await openSchemaDiff(host, result, state, table === undefined ? undefined : labelOf(plan, table));
  },
};
