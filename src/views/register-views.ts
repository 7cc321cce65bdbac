import * as vscode from 'vscode';
import type { Host } from '../host/host.ts';
import { commandIds } from '../ids.ts';
import type { SluiceNode } from './nodes.ts';
import { registerPlanView } from './plan/register-plan-view.ts';
import { registerRunsView } from './runs/register-runs-view.ts';
import { registerSourcesView } from './sources/register-sources-view.ts';
import { registerTargetView } from './target/register-target-view.ts';

/** The four views of the side bar, and the command of their "Load more" rows, which nobody else can carry out. */
export function registerViews(host: Host): vscode.Disposable[] {
  const views = [registerSourcesView(host), registerTargetView(host), registerRunsView(host)];
  const loadMore = vscode.commands.registerCommand(commandIds.loadMore, (node: Extract<SluiceNode, { kind: 'load-more' }>) => {
    views.find(({ id }) => id === node.view)?.provider.more(node);
  });
  return [loadMore, ...views.flatMap(({ disposables }) => disposables), ...registerPlanView(host)];
}
