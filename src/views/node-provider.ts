import * as vscode from 'vscode';
import type { SluiceNode } from './nodes.ts';
import { PagedTree } from './paged-tree.ts';
import { toTreeItem } from './to-tree-item.ts';
import type { NodeTree } from './tree-item-spec.ts';

/** Changes within this time are drawn together. */
const gatherMs = 50;
/** The editor puts a change off while another one comes within 200 ms: a tree that changed more often would never be drawn. */
const restMs = 220;

/** Gives a tree to the editor. It never waits: what is not known yet is a message, and comes with a later change. */
export class NodeProvider implements vscode.TreeDataProvider<SluiceNode> {
  readonly #tree: PagedTree;
  readonly #changed = new vscode.EventEmitter<SluiceNode | undefined | SluiceNode[]>();
  readonly #waiting = new Set<SluiceNode | undefined>();
  #timer: NodeJS.Timeout | null = null;
  #firedAt = Number.NEGATIVE_INFINITY;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(tree: NodeTree, view: string) {
    this.#tree = new PagedTree(tree, view, translate);
  }

  getTreeItem(node: SluiceNode): vscode.TreeItem {
    return toTreeItem(node, this.#tree.item(node));
  }

  getChildren(node?: SluiceNode): SluiceNode[] {
    return this.#tree.children(node);
  }

  getParent(node: SluiceNode): SluiceNode | undefined {
    return this.#tree.parent(node);
  }

  /** Draws a node with what is below it again, or everything. A node that was never drawn needs nothing. */
  refresh(node?: SluiceNode): void {
    const drawn = node === undefined ? undefined : this.#tree.drawn(node);
    if (node !== undefined && drawn === undefined) return;
    this.#waiting.add(drawn);
    this.#timer ??= setTimeout(() => this.#fire(), Math.max(gatherMs, this.#firedAt + restMs - performance.now()));
  }

  more(node: Extract<SluiceNode, { kind: 'load-more' }>): void {
    this.refresh(this.#tree.more(node));
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#changed.dispose();
  }

  #fire(): void {
    const nodes = [...this.#waiting];
    this.#waiting.clear();
    this.#timer = null;
    this.#firedAt = performance.now();
    const some = nodes.filter((node) => node !== undefined);
    this.#changed.fire(some.length === nodes.length ? some : undefined);
  }
}

export function translate(message: string, ...values: (string | number)[]): string {
  return vscode.l10n.t(message, ...values);
}
