import * as vscode from 'vscode';
import type { Host } from '../host/host.ts';
import { planFactsOf } from './plan-facts-of.ts';
import { escapeMarkdown } from '../views/messages.ts';
import { planSelector } from './plan-selector.ts';

/** Why a column has its type. Keys are explained by the JSON Schema. */
export function registerPlanHovers(host: Host): vscode.Disposable[] {
  const provider: vscode.HoverProvider = {
    async provideHover(document, position) {
      const { hoverPlan } = await import('./language/plan-language.ts');
      const found = hoverPlan(document.getText(), document.offsetAt(position), planFactsOf(host, document.uri));
      if (found === null) return null;
      // Everything is escaped: nothing in a plan file becomes a link or a picture.
      const declared = found.declared === null ? '' : `${escapeMarkdown(found.declared)} → `;
      const title = `**${escapeMarkdown(found.name)}** ${declared}${escapeMarkdown(found.type)}`;
      const markdown = new vscode.MarkdownString([title, ...found.lines.map(escapeMarkdown)].join('\n\n'));
      return new vscode.Hover(markdown, new vscode.Range(document.positionAt(found.start), document.positionAt(found.end)));
    },
  };
  return [vscode.languages.registerHoverProvider(planSelector, provider)];
}
