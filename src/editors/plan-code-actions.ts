import * as vscode from 'vscode';
import type { Host } from '../host/host.ts';
import type { PlanFix } from './language/plan-fixes.ts';
import { planFactsOf } from './plan-facts-of.ts';
import { planSelector } from './plan-selector.ts';

/** Quick fixes for what Problems shows of a plan. */
export function registerPlanCodeActions(host: Host): vscode.Disposable[] {
  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, range, { diagnostics }) {
      const { findPlanProblems, fixesOf, validatePlan } = await import('./language/plan-language.ts');
      const text = document.getText();
      const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
      const near = findPlanProblems(text, validatePlan(text), null).filter(({ start, end }) => start <= to && end >= from);
      return near.flatMap((finding) => {
        const solved = diagnostics.filter(({ message }) => message === finding.message);
        return fixesOf(text, finding, planFactsOf(host, document.uri)).map((fix) => toAction(document, fix, solved));
      });
    },
  };
  const metadata = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
  return [vscode.languages.registerCodeActionsProvider(planSelector, provider, metadata)];
}

function toAction(document: vscode.TextDocument, fix: PlanFix, solved: vscode.Diagnostic[]): vscode.CodeAction {
  const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  for (const { offset, length, content } of fix.edits) {
    action.edit.replace(document.uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), content);
  }
  action.diagnostics = solved;
  action.isPreferred = fix.preferred;
  return action;
}
