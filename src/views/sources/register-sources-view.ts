import * as vscode from 'vscode';
import type { Host } from '../../host/host.ts';
import { viewIds } from '../../ids.ts';
import { NodeProvider, translate } from '../node-provider.ts';
import type { RegisteredView } from '../registered-view.ts';
import { SourcesTree } from './sources-tree.ts';
import { setViewMessage } from '../set-view-message.ts';

/** The first look at the view starts the search for stores. */
export function registerSourcesView({ engines, stores }: Host): RegisteredView {
  const tree = new SourcesTree({ engines, stores, shownPath: (path) => vscode.workspace.asRelativePath(path), t: translate });
  const provider = new NodeProvider(tree, viewIds.sources);
  const view = vscode.window.createTreeView(viewIds.sources, { treeDataProvider: provider, showCollapseAll: true, canSelectMany: true });
  const begin = (): void => {
    if (view.visible) stores.begin();
  };
  const describe = (): void => {
    const { length } = stores.list;
    const tooltip = length === 1 ? vscode.l10n.t('1 source') : vscode.l10n.t('{0} sources', length);
    view.badge = length === 0 ? undefined : { value: length, tooltip };
    // A message would hide the welcome text of an empty view, which says the same.
    setViewMessage(view, stores.searching && length > 0 ? vscode.l10n.t('Looking for stores…') : '');
  };
  const listeners = [
    view.onDidChangeVisibility(begin),
    vscode.workspace.onDidGrantWorkspaceTrust(begin),
    stores.onDidChange((path) => {
      describe();
      provider.refresh(path === null ? undefined : { kind: 'store', path });
    }),
    engines.onDidChangeState(() => provider.refresh()),
  ];
  begin();
  describe();
  return { id: viewIds.sources, provider, disposables: [view, provider, ...listeners] };
}
