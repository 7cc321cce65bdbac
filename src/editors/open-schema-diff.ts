import * as vscode from 'vscode';
import { plainMessage } from '../commands/ask/plain-text.ts';
import type { SchemaDiffResult } from '../core/model/schema-diff.ts';
import type { Host, PlanState } from '../host/host.ts';
import { ddlSides, otherHazards } from './ddl-sides.ts';
import { fileName, putVirtualText } from './virtual-texts.ts';

/**
 * Shows the target as it is (left) against the target as the plan makes it (right), as DDL in the editor's own diff: one table (`schema.table`) by
 * itself, else all that differ. Says so when nothing differs.
 */
export async function openSchemaDiff(host: Host, result: SchemaDiffResult, plan: PlanState, table?: string): Promise<void> {
  const sides = ddlSides(result, table);
  const profile = host.plans.targetOf(plan);
  const target = host.targets.find(profile)?.profile.label ?? profile;
  const name = plan.plan?.name ?? vscode.workspace.asRelativePath(plan.uri);
  const changes = sides.filter(({ before, after }) => before !== after);
  if (changes.length === 0) {
    const what = table ?? name;
    await vscode.window.showInformationMessage(plainMessage(vscode.l10n.t('{0}: the target already is as the plan makes it.', what)));
    return;
  }
  const documents = changes.map((side) => ({
    table: side.table,
    left: put(plan, 'target', side.table, side.before),
    right: put(plan, 'plan', side.table, side.after),
  }));
  const [only] = documents;
  if (table !== undefined && only !== undefined) {
    const left = only.left ?? put(plan, 'target', only.table, '');
    await vscode.commands.executeCommand('vscode.diff', left, only.right, vscode.l10n.t('{0}: {1} ↔ plan', only.table, target));
    return;
  }
  const title = vscode.l10n.t('{0}: {1} ↔ plan', name, target);
  const resources = documents.map(({ left, right }) => [right ?? left, left, right]);
  await vscode.commands.executeCommand('vscode.changes', title, resources);
  const elsewhere = otherHazards(result);
  if (elsewhere.length > 0) void vscode.window.showWarningMessage(plainMessage(elsewhere.join(' ')));
}

/** One document per plan, side and table; comparing again brings an open one up to date. */
function put(plan: PlanState, side: 'target' | 'plan', table: string, text: string | null): vscode.Uri | undefined {
  if (text === null) return undefined;
  const name = plan.plan?.name ?? plan.uri.path.split('/').at(-1) ?? 'plan';
  return putVirtualText('sluice-ddl', `/${fileName(name)}/${side}/${fileName(table)}.sql`, text, plan.uri.path);
}
