import * as vscode from 'vscode';
import type { Host } from '../../host/host.ts';
import { viewIds } from '../../ids.ts';
import { NodeProvider, translate } from '../node-provider.ts';
import type { RegisteredView } from '../registered-view.ts';
import { createRunStatusBar } from './run-status-bar.ts';
import { RunsTree } from './runs-tree.ts';
import { setViewMessage } from '../set-view-message.ts';

/** Reads the history of each target once, when the view is looked at and the target is connected. */
export function registerRunsView({ runs, targets }: Host): RegisteredView {
  const provider = new NodeProvider(new RunsTree({ runs, now: () => Date.now(), t: translate }), viewIds.runs);
  const view = vscode.window.createTreeView(viewIds.runs, { treeDataProvider: provider, showCollapseAll: true });
  const read = new Set<string>();
  const readHistories = (): void => {
    if (!view.visible) return;
    for (const { profile, connected } of targets.list) {
      if (!connected || read.has(profile.id)) continue;
      read.add(profile.id);
      runs.refresh(profile.id);
    }
  };
  const describe = (): void => {
    const live = runs.list.filter((run) => run.live).length;
    const tooltip = live === 1 ? vscode.l10n.t('1 run under way') : vscode.l10n.t('{0} runs under way', live);
    if ((view.badge?.value ?? 0) !== live) view.badge = live === 0 ? undefined : { value: live, tooltip };
    const message = runs.loading && runs.list.length > 0 ? vscode.l10n.t('Reading the history…') : '';
    setViewMessage(view, message);
  };
  const listeners = [
    view.onDidChangeVisibility(readHistories),
    targets.onDidChange(readHistories),
    runs.onDidChange((key) => {
      describe();
      provider.refresh(key === null ? undefined : { kind: 'run', key });
    }),
  ];
  readHistories();
  return { id: viewIds.runs, provider, disposables: [view, provider, createRunStatusBar(runs), ...listeners] };
}
