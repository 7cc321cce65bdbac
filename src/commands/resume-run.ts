import * as vscode from 'vscode';
import { MigrationError } from '../core/errors.ts';
import { commandIds } from '../ids.ts';
import { askPlan, requireValid } from './ask/ask-plan.ts';
import { askRun, canBeResumed } from './ask/ask-run.ts';
import { confirmProtected } from './ask/confirm-writing.ts';
import { planOfRun } from './ask/plan-of-run.ts';
import type { Command } from './command.ts';
import { performRun } from './perform-run.ts';

export const resumeRun: Command = {
  id: commandIds.resumeRun,
  async run(host, argument) {
    const run = await askRun(host, argument, canBeResumed, 'There is no unfinished run');
    if (!canBeResumed(run)) {
      throw new MigrationError('bad-usage', {
        context: { detail: `${run.name} is ${run.status}; only an unfinished run can be resumed`, hint: '' },
      });
    }
    const uri = await planOfRun(host, run);
    const state = await askPlan(host, uri);
    requireValid(state);
    await confirmProtected(host, run.profile, vscode.l10n.t('The run {0} goes on there.', run.name));
    await performRun(host, run.name, {
      plan: { uri, text: state.text },
      profile: run.profile,
      resume: { runId: run.runId },
      acceptStale: true,
      overrides: {},
    });
  },
};
