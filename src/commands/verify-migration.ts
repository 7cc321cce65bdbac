import * as vscode from 'vscode';
import type { VerifyResult } from '../core/index.ts';
import { isTableMatch } from '../core/model/is-table-match.ts';
import type { Host } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import type { RowDiffPanelSubject } from '../protocol/panel-subjects.ts';
import { askPlan, requireValid } from './ask/ask-plan.ts';
import { plainMessage } from './ask/plain-text.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';
import { withProgress } from './with-progress.ts';

/** Reads both sides again, in full: of a run of the Runs view, else of the plan. */
export const verifyMigration: Command = {
  id: commandIds.verifyMigration,
  async run(host, argument) {
    const node = nodeOf(argument, 'run', 'run-table');
    const run = node === null ? undefined : host.runs.find(node.key);
    if (run !== undefined && run.runId !== null) {
      const result = await withProgress(vscode.l10n.t('Verifying {0}', run.name), (signal) => host.runs.verify(run, signal));
      tell(host, run.name, result, run.profile, { kind: 'run', runId: run.runId });
      return;
    }
    const state = await askPlan(host, argument);
    const plan = requireValid(state);
    const profile = host.plans.targetOf(state);
    const path = state.uri.fsPath;
    const target = await host.targets.resolve(profile, { planPath: path });
    const result = await withProgress(vscode.l10n.t('Verifying {0}', plan.name), (signal) =>
      host.engines.runAlone('verify', { input: { kind: 'plan', text: state.text, path }, target }, { signal, onEvent: () => undefined }),
    );
    tell(host, plan.name, result, profile, { kind: 'plan', path });
  },
};

function tell(host: Host, name: string, result: VerifyResult, profile: string, input: RowDiffPanelSubject['input']): void {
  const total = result.tables.reduce((sum, table) => sum + table.targetRows, 0);
  const rows = total === 1 ? vscode.l10n.t('1 row') : vscode.l10n.t('{0} rows', new Intl.NumberFormat('en').format(total));
  const tables = result.tables.length === 1 ? vscode.l10n.t('1 table') : vscode.l10n.t('{0} tables', result.tables.length);
  if (result.status === 'match') {
    void vscode.window.showInformationMessage(
      plainMessage(vscode.l10n.t('{0}: every cell of {1} in {2} is the same on both sides.', name, rows, tables)),
    );
    return;
  }
  const unequal = result.tables.filter((table) => !isTableMatch(table));
  const compare = vscode.l10n.t('Compare Rows');
  const message = vscode.l10n.t('{0}: the target differs from the source in {1}.', name, unequal.map(({ table }) => table).join(', '));
  void vscode.window.showWarningMessage(plainMessage(message), compare).then((choice) => {
    const [first] = unequal;
    if (choice === compare && first !== undefined) host.panels.openRowDiff({ profile, input, table: first.table });
  });
}
