import * as vscode from 'vscode';
import type { Host } from '../../host/host.ts';
import { viewIds } from '../../ids.ts';
import { NodeProvider, translate } from '../node-provider.ts';
import type { RegisteredView } from '../registered-view.ts';
import { TargetTree } from './target-tree.ts';

export function registerTargetView({ targets }: Host): RegisteredView {
  const provider = new NodeProvider(new TargetTree({ targets, t: translate }), viewIds.target);
  const view = vscode.window.createTreeView(viewIds.target, { treeDataProvider: provider, showCollapseAll: true });
  const listener = targets.onDidChange((id) => provider.refresh(id === null ? undefined : { kind: 'target', profile: id }));
  return { id: viewIds.target, provider, disposables: [view, provider, listener] };
}
