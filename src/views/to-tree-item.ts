import * as vscode from 'vscode';
import { nodeId } from './node-id.ts';
import type { SluiceNode } from './nodes.ts';
import type { TreeItemSpec } from './tree-item-spec.ts';

const states = {
  leaf: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
};

/** The editor's item of a node. Tooltips are Markdown without commands or HTML; screen readers hear name and facts in one sentence. */
export function toTreeItem(node: SluiceNode, spec: TreeItemSpec): vscode.TreeItem {
  const item = new vscode.TreeItem(spec.label, states[spec.state]);
  item.id = `${nodeId(node)}${spec.variant ?? ''}`;
  item.contextValue = spec.context;
  item.accessibilityInformation = { label: [spec.label, spec.description ?? ''].filter((part) => part !== '').join(', ') };
  if (spec.description !== undefined) item.description = spec.description;
  if (spec.icon !== undefined) {
    const { id, color } = spec.icon;
    item.iconPath = color === undefined ? new vscode.ThemeIcon(id) : new vscode.ThemeIcon(id, new vscode.ThemeColor(color));
  }
  if (spec.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(spec.tooltip);
  if (spec.command !== undefined) item.command = { command: spec.command.id, title: spec.command.title, arguments: [node] };
  return item;
}
