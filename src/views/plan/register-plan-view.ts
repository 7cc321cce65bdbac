import * as vscode from 'vscode';
import { outlinePlan } from '../../editors/language/plan-outline.ts';
import { placeOf } from '../../editors/language/place-of.ts';
import { planFactsOf } from '../../editors/plan-facts-of.ts';
import type { Host, PlanState } from '../../host/host.ts';
import { viewIds } from '../../ids.ts';
import { translate } from '../node-provider.ts';
import type { SluiceNode } from '../nodes.ts';
import { toTreeItem } from '../to-tree-item.ts';
import { PlanTree } from './plan-tree.ts';
import { setViewMessage } from '../set-view-message.ts';

/** Changes within this time are drawn together. */
const gatherMs = 50;

/** The active plan as a tree: what is ticked is migrated, a click shows the place in the file. */
export function registerPlanView(host: Host): vscode.Disposable[] {
  const { plans } = host;
  const tree = new PlanTree({ state: () => plans.active, facts: (state) => planFactsOf(host, state.uri), t: translate });
  const provider = new PlanProvider(tree, () => plans.active);
  const view = vscode.window.createTreeView(viewIds.plan, {
    treeDataProvider: provider,
    showCollapseAll: true,
    manageCheckboxStateManually: true,
  });
  let shown: string | null = null;
  const describe = (): void => {
    const { active } = plans;
    view.description = active === null ? '' : (active.uri.path.split('/').at(-1) ?? '');
    setViewMessage(view, tree.message());
  };
  /** Once for each plan that is looked at. */
  const checkStale = (): void => {
    const { active } = plans;
    if (active === null || active.plan === null || !view.visible || shown === active.uri.toString()) return;
    shown = active.uri.toString();
    plans.checkStale(active.uri);
  };
  const draw = (): void => {
    describe();
    checkStale();
    provider.refresh();
  };
  draw();
  return [
    view,
    provider,
    plans.onDidChange(draw),
    host.stores.onDidChange(() => provider.refresh()),
    view.onDidChangeVisibility(checkStale),
    vscode.workspace.onDidGrantWorkspaceTrust(draw),
    view.onDidChangeCheckboxState(({ items }) => void tick(host, items).finally(() => provider.refresh())),
  ];
}

async function tick(host: Host, items: readonly (readonly [SluiceNode, vscode.TreeItemCheckboxState])[]): Promise<void> {
  for (const [node, state] of items) {
    if (node.kind !== 'plan-table') continue;
    const include = state === vscode.TreeItemCheckboxState.Checked;
    await host.plans.edit(vscode.Uri.parse(node.uri), { kind: 'include', table: node.table, include });
  }
}

class PlanProvider implements vscode.TreeDataProvider<SluiceNode> {
  readonly #tree: PlanTree;
  readonly #state: () => PlanState | null;
  readonly #changed = new vscode.EventEmitter<undefined>();
  #timer: NodeJS.Timeout | null = null;
  /** Of the text that was drawn last. */
  #outline: { readonly text: string; readonly root: ReturnType<typeof outlinePlan>['root'] } | null = null;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(tree: PlanTree, state: () => PlanState | null) {
    this.#tree = tree;
    this.#state = state;
  }

  getChildren(node?: SluiceNode): SluiceNode[] {
    return [...this.#tree.children(node)];
  }

  getTreeItem(node: SluiceNode): vscode.TreeItem {
    const spec = this.#tree.item(node);
    const item = toTreeItem(node, spec);
    if (spec.checked !== undefined) {
      item.checkboxState = {
        state: spec.checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
        tooltip: spec.checked ? vscode.l10n.t('Is migrated; clear to leave it out') : vscode.l10n.t('Is left out; tick to migrate it'),
      };
    }
    const state = this.#state();
    if (spec.path !== undefined && state !== null) item.command = this.#showPlace(state, spec.path);
    return item;
  }

  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#changed.fire(undefined);
    }, gatherMs);
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#changed.dispose();
  }

  #showPlace({ uri, text }: PlanState, path: readonly (string | number)[]): vscode.Command {
    if (this.#outline?.text !== text) this.#outline = { text, root: outlinePlan(text).root };
    const { start, end } = placeOf(text, this.#outline.root, path);
    const selection = new vscode.Range(start.line, start.column, end.line, end.column);
    return { command: 'vscode.open', title: vscode.l10n.t('Show in the File'), arguments: [uri, { selection, preserveFocus: true }] };
  }
}
