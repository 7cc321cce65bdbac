import * as vscode from 'vscode';
import { MigrationError } from '../../core/errors.ts';
import type { Host, PlanState } from '../../host/host.ts';
import { uriOf } from '../node-of.ts';
import { answered } from './cancelled.ts';
import { pickOne } from './pick-one.ts';
import { plainLabel } from './plain-text.ts';

/** The plan that a command is about: what was passed, else the active one, else the user chooses. Opened, so that it can be read while it runs. */
export async function askPlan(host: Host, argument: unknown): Promise<PlanState> {
  const uri = uriOf(argument);
  const { active } = host.plans;
  if (uri !== null) return active?.uri.toString() === uri.toString() ? active : host.plans.open(uri);
  return active ?? host.plans.open(await askPlanFile());
}

type PlanItem = vscode.QuickPickItem & { readonly uri: vscode.Uri | null };

/** A plan file of the workspace, or one from anywhere. */
export async function askPlanFile(): Promise<vscode.Uri> {
  const found = await vscode.workspace.findFiles('**/*.sluice.json', '**/node_modules/**', 200);
  const elsewhere: PlanItem = { label: vscode.l10n.t('Open another file…'), uri: null };
  const items = found
    .map((uri): PlanItem => ({ label: plainLabel(vscode.workspace.asRelativePath(uri)), uri }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
  const picked = items.length === 0 ? elsewhere : await pickOne([...items, elsewhere], { placeHolder: vscode.l10n.t('Plan') });
  if (picked.uri !== null) return picked.uri;
  const files = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Open Plan'),
    filters: { [vscode.l10n.t('Sluice plan')]: ['json'] },
  });
  return answered(files?.[0]);
}

/** Throws `invalid-plan` with the first problems when the text is not a plan that can be used. */
export function requireValid(state: PlanState): NonNullable<PlanState['plan']> {
  const errors = state.problems.filter((problem) => problem.severity === 'error');
  if (state.plan !== null && errors.length === 0) return state.plan;
  const problems = errors.map(
    (problem) => `${vscode.workspace.asRelativePath(state.uri)}:${problem.line}:${problem.column} ${problem.message}`,
  );
  throw new MigrationError('invalid-plan', { context: { path: vscode.workspace.asRelativePath(state.uri), problems } });
}
