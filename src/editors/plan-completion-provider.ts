import * as vscode from 'vscode';
import type { Host } from '../host/host.ts';
import type { PlanCompletion } from './language/plan-completions.ts';
import { planFactsOf } from './plan-facts-of.ts';
import { planSelector } from './plan-selector.ts';

/** Names that the JSON Schema cannot know: columns, tables, types, targets, converters. */
export function registerPlanCompletions(host: Host): vscode.Disposable[] {
  const provider: vscode.CompletionItemProvider = {
    async provideCompletionItems(document, position) {
      const { completePlan } = await import('./language/plan-language.ts');
      const found = completePlan(document.getText(), document.offsetAt(position), planFactsOf(host, document.uri));
      return found.map((completion, i) => toItem(document, completion, i));
    },
  };
  return [vscode.languages.registerCompletionItemProvider(planSelector, provider, '"', '[', ' ')];
}

const kinds: Readonly<Record<PlanCompletion['kind'], vscode.CompletionItemKind>> = {
  column: vscode.CompletionItemKind.Field,
  table: vscode.CompletionItemKind.Struct,
  source: vscode.CompletionItemKind.File,
  target: vscode.CompletionItemKind.Reference,
  type: vscode.CompletionItemKind.TypeParameter,
  converter: vscode.CompletionItemKind.Function,
  opclass: vscode.CompletionItemKind.Operator,
};

function toItem(document: vscode.TextDocument, completion: PlanCompletion, place: number): vscode.CompletionItem {
  const item = new vscode.CompletionItem({ label: completion.name, description: completion.detail }, kinds[completion.kind]);
  item.range = new vscode.Range(document.positionAt(completion.start), document.positionAt(completion.end));
  item.insertText = completion.insert;
  // What is typed so far begins with a quote when the value does.
  item.filterText = document.getText(item.range).startsWith('"') ? completion.insert : completion.name;
  item.sortText = String(place).padStart(4, '0');
  return item;
}
