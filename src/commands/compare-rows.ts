import * as vscode from 'vscode';
import { MigrationError } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import type { RowDiffPanelSubject } from '../protocol/panel-subjects.ts';
import { askPlan, requireValid } from './ask/ask-plan.ts';
import { askTable, labelOf } from './ask/ask-table.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';
import { planTableOf } from './plan-table-of.ts';

export const compareRows: Command = {
  id: commandIds.compareRows,
  async run(host, argument) {
    host.panels.openRowDiff(await subjectOf(host, argument));
  },
};

async function subjectOf(host: Host, argument: unknown): Promise<RowDiffPanelSubject> {
  const runTable = nodeOf(argument, 'run-table');
  const run = runTable === null ? undefined : host.runs.find(runTable.key);
  if (runTable !== null && typeof run?.runId === 'string') {
    return { profile: run.profile, input: { kind: 'run', runId: run.runId }, table: runTable.table };
  }
  const planTable = nodeOf(argument, 'plan-table');
  if (planTable !== null) {
    const { state, plan, table } = await planTableOf(host, planTable);
    return { profile: host.plans.targetOf(state), input: { kind: 'plan', path: state.uri.fsPath }, table: labelOf(plan, table) };
  }
  const inTarget = nodeOf(argument, 'target-table');
  return inTarget === null ? ofPlan(host, argument) : ofTargetTable(host, inTarget.profile, `${inTarget.schema}.${inTarget.table}`);
}

async function ofPlan(host: Host, argument: unknown): Promise<RowDiffPanelSubject> {
  const state = await askPlan(host, argument);
  const plan = requireValid(state);
  const table = await askTable(plan, vscode.l10n.t('Table to compare'));
  return { profile: host.plans.targetOf(state), input: { kind: 'plan', path: state.uri.fsPath }, table: labelOf(plan, table) };
}

/** A table of the target alone says nothing of where it came from: the last run that wrote it does, else the active plan. */
function ofTargetTable(host: Host, profile: string, table: string): RowDiffPanelSubject {
  const wrote = host.runs.list.find(
    (run) =>
      run.profile === profile && run.runId !== null && run.status !== 'rolled-back' && run.result?.tables.some(({ to }) => to === table),
  );
  if (typeof wrote?.runId === 'string') return { profile, input: { kind: 'run', runId: wrote.runId }, table };
  const state = host.plans.active;
  if (state?.plan?.tables.some((planned) => state.plan !== null && labelOf(state.plan, planned) === table) === true) {
    return { profile, input: { kind: 'plan', path: state.uri.fsPath }, table };
  }
  throw new MigrationError('bad-usage', {
    context: {
      detail: `No run of this window and no open plan says where ${table} came from`,
      hint: 'Open its plan first, or start from a table under a run in the Runs view.',
    },
  });
}
