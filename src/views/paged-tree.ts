import { nodeId } from './node-id.ts';
import type { SluiceNode } from './nodes.ts';
import type { NodeTree, Translate, TreeItemSpec } from './tree-item-spec.ts';
import { formatCount } from './format-quantity.ts';
import { commandIds } from '../ids.ts';

/** Children shown at first, and more with each "Load more". */
const pageSize = 200;
const rootId = '';

/** Shows the beginning of long lists, and gives the same object for the same node, as the editor expects of a tree that changes. */
export class PagedTree {
  readonly #tree: NodeTree;
  readonly #view: string;
  readonly #t: Translate;
  readonly #shown = new Map<string, number>();
  readonly #left = new Map<string, number>();
  readonly #nodes = new Map<string, SluiceNode>();
  readonly #parents = new Map<string, SluiceNode | undefined>();

  constructor(tree: NodeTree, view: string, t: Translate) {
    this.#tree = tree;
    this.#view = view;
    this.#t = t;
  }

  children(parent: SluiceNode | undefined): SluiceNode[] {
    const parentId = parent === undefined ? rootId : nodeId(parent);
    const all = this.#tree.children(parent);
    const limit = this.#shown.get(parentId) ?? pageSize;
    const shown = all.slice(0, limit).map((node) => this.#same(node, parent));
    this.#left.set(parentId, all.length - shown.length);
    if (all.length > limit) shown.push(this.#same({ kind: 'load-more', view: this.#view, parent: parentId }, parent));
    return shown;
  }

  item(node: SluiceNode): TreeItemSpec {
    if (node.kind !== 'load-more') return this.#tree.item(node);
    const left = this.#left.get(node.parent) ?? 0;
    return {
      label: this.#t('Load more'),
      description: this.#t('{0} not shown', formatCount(left)),
      icon: { id: 'ellipsis' },
      state: 'leaf',
      context: 'load-more',
      command: { id: commandIds.loadMore, title: this.#t('Load More') },
    };
  }

  parent(node: SluiceNode): SluiceNode | undefined {
    return this.#parents.get(nodeId(node));
  }

  /** The node that was drawn, when it was. */
  drawn(node: SluiceNode): SluiceNode | undefined {
    return this.#nodes.get(nodeId(node));
  }

  /** Shows one page more and gives the node to draw again, undefined for the root. */
  more(node: Extract<SluiceNode, { kind: 'load-more' }>): SluiceNode | undefined {
    this.#shown.set(node.parent, (this.#shown.get(node.parent) ?? pageSize) + pageSize);
    return this.#nodes.get(node.parent);
  }

  #same(node: SluiceNode, parent: SluiceNode | undefined): SluiceNode {
    const id = nodeId(node);
    this.#parents.set(id, parent);
    const known = this.#nodes.get(id);
    // A message keeps its place while its text changes.
    if (known !== undefined && known.kind !== 'message') return known;
    this.#nodes.set(id, node);
    return node;
  }
}
