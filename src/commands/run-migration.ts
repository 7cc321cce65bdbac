import * as vscode from 'vscode';
import { MigrationError } from '../core/errors.ts';
import type { Plan } from '../core/plan/plan-schema.ts';
import type { Host, PlanState } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import { askPlan, requireValid } from './ask/ask-plan.ts';
import { labelOf } from './ask/ask-table.ts';
import { answered } from './ask/cancelled.ts';
import { confirm, confirmProtected } from './ask/confirm-writing.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';
import { performRun } from './perform-run.ts';

export const runMigration: Command = {
  id: commandIds.runMigration,
  async run(host, argument) {
    const state = await askPlan(host, argument);
    const plan = requireValid(state);
    const profile = host.plans.targetOf(state);
    refuseSecondRun(host, profile);
    const tables = onlyTable(plan, argument);
    const acceptStale = await askAboutStale(state);
    if (acceptStale === null) return;
    if (plan.options.mode === 'replace') await confirmReplace();
    await confirmProtected(host, profile, writes(plan, tables?.length ?? plan.tables.filter((table) => table.include).length));
    await performRun(host, plan.name, {
      plan: { uri: state.uri, text: state.text },
      profile,
      resume: null,
      acceptStale,
      overrides: tables === null ? {} : { tables },
    });
  },
};

function writes(plan: Plan, tables: number): string {
  const { mode } = plan.options;
  if (tables === 1)
    return mode === 'create'
      ? vscode.l10n.t('1 table will be created and filled there.')
      : vscode.l10n.t('1 table will be filled there (mode {0}).', mode);
  return mode === 'create'
    ? vscode.l10n.t('{0} tables will be created and filled there.', tables)
    : vscode.l10n.t('{0} tables will be filled there (mode {1}).', tables, mode);
}

/** The only mode that deletes rows of the user. */
function confirmReplace(): Promise<void> {
  return confirm(
    vscode.l10n.t('Mode replace deletes all rows of the tables that are there already.'),
    vscode.l10n.t('They are kept in the schema sluice of the target, so that Roll Back Run can put them back.'),
    vscode.l10n.t('Replace'),
  );
}

/** The code lens above one table runs that table. */
function onlyTable(plan: Plan, argument: unknown): readonly string[] | null {
  const node = nodeOf(argument, 'plan-table');
  const table = node === null ? undefined : plan.tables[node.table];
  return table === undefined ? null : [labelOf(plan, table)];
}

function refuseSecondRun(host: Host, profile: string): void {
  const live = host.runs.list.find((run) => run.live && run.profile === profile);
  if (live === undefined) return;
  throw new MigrationError('bad-usage', {
    context: { detail: `A run on this target is under way (${live.name})`, hint: 'Wait for it or cancel it first.' },
  });
}

/** A plan made from other data runs only when the user says so. null = compare first, the run does not start. */
async function askAboutStale(state: PlanState): Promise<boolean | null> {
  if (state.stale === null) return false;
  const runAnyway = vscode.l10n.t('Run Anyway');
  const diffFirst = vscode.l10n.t('Diff Schemas');
  const choice = answered(
    await vscode.window.showWarningMessage(
      state.stale,
      {
        modal: true,
        detail: vscode.l10n.t('Its types were chosen for other values. Values that do not fit are found before anything is created.'),
      },
      runAnyway,
      diffFirst,
    ),
  );
  if (choice === runAnyway) return true;
  await vscode.commands.executeCommand(commandIds.diffSchemas, state.uri);
  return null;
}
