import * as vscode from 'vscode';
import type { Host } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import type { PlanLens } from './language/plan-lenses.ts';
import { planFactsOf } from './plan-facts-of.ts';
import { planSelector } from './plan-selector.ts';

/** `Diff | Preview SQL | Run | Rows` above each table, with what is known about it. */
export function registerPlanCodeLenses(host: Host): vscode.Disposable[] {
  const changed = new vscode.EventEmitter<void>();
  const refresh = (): void => changed.fire();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document) {
      const { planLenses } = await import('./language/plan-language.ts');
      return planLenses(document.getText(), planFactsOf(host, document.uri)).flatMap((lens) => toLenses(document, lens));
    },
  };
  return [
    changed,
    vscode.languages.registerCodeLensProvider(planSelector, provider),
    host.stores.onDidChange(refresh),
    host.plans.onDidChange(refresh),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
  ];
}

/** In a workspace that is not trusted nothing is started, so only the facts are shown. */
function toLenses(document: vscode.TextDocument, lens: PlanLens): vscode.CodeLens[] {
  const position = document.positionAt(lens.offset);
  const range = new vscode.Range(position, position);
  const { uri } = document;
  const subject = lens.table === null ? uri : { kind: 'plan-table', uri: uri.toString(), table: lens.table };
  const actions = vscode.workspace.isTrusted ? lens.actions : [];
  return [
    ...actions.map((action) => new vscode.CodeLens(range, { ...commandOf(action), arguments: [subject] })),
    ...(lens.summary === '' ? [] : [new vscode.CodeLens(range, { title: lens.summary, command: '' })]),
  ];
}

function commandOf(action: PlanLens['actions'][number]): { readonly title: string; readonly command: string } {
  switch (action) {
    case 'diff':
      return { title: vscode.l10n.t('Diff'), command: commandIds.diffSchemas };
    case 'sql':
      return { title: vscode.l10n.t('Preview SQL'), command: commandIds.previewSql };
    case 'run':
      return { title: vscode.l10n.t('Run'), command: commandIds.runMigration };
    case 'rows':
      return { title: vscode.l10n.t('Rows'), command: commandIds.openRows };
  }
}
