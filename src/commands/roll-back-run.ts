import * as vscode from 'vscode';
import { MigrationError } from '../core/errors.ts';
import { commandIds } from '../ids.ts';
import { askRun, canBeUndone } from './ask/ask-run.ts';
import { confirm, confirmProtected } from './ask/confirm-writing.ts';
import { plainMessage } from './ask/plain-text.ts';
import type { Command } from './command.ts';
import { withProgress } from './with-progress.ts';

export const rollBackRun: Command = {
  id: commandIds.rollBackRun,
  async run(host, argument) {
    const run = await askRun(host, argument, canBeUndone, 'There is no run to roll back');
    if (!canBeUndone(run)) {
      throw new MigrationError('bad-usage', { context: { detail: `${run.name} has nothing that could be rolled back`, hint: '' } });
    }
    const profile = host.targets.find(run.profile)?.profile.label ?? run.profile;
    await confirm(
      vscode.l10n.t('Roll back {0} on {1}?', run.name, profile),
      vscode.l10n.t(
        'Drops exactly what run {0} created and puts back the rows that it changed, in one transaction. Nothing is done when somebody changed rows since, or built a view on them. The source is not touched.',
        run.runId ?? '',
      ),
      vscode.l10n.t('Roll Back'),
    );
    await confirmProtected(host, run.profile, vscode.l10n.t('What the run created there is dropped.'));
    const result = await withProgress(vscode.l10n.t('Rolling back {0}', run.name), (signal) => host.runs.rollBack(run, signal));
    const tables = result.dropped.filter((object) => object.startsWith('table ')).length;
    const done =
      tables === 1
        ? vscode.l10n.t('{0} is rolled back: 1 table was dropped.', run.name)
        : vscode.l10n.t('{0} is rolled back: {1} tables were dropped.', run.name, tables);
    const { restoredRows, deletedRows } = result;
    const rows =
      restoredRows + deletedRows === 0
        ? ''
        : vscode.l10n.t(' Rows removed from tables that were there: {0}; put back: {1}.', deletedRows, restoredRows);
    void vscode.window.showInformationMessage(plainMessage(`${done}${rows}`));
  },
};
