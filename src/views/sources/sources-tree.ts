import type { Engines } from '../../host/engines.ts';
import type { StoreEntry, Stores } from '../../host/host.ts';
import { errorNode, loadingNode, messageItem, stateNodes } from '../messages.ts';
import type { SluiceNode } from '../nodes.ts';
import type { NodeTree, Translate, TreeItemSpec } from '../tree-item-spec.ts';
import { engineItem, isEngineDown } from './engine-item.ts';
import { storeColumnItem, storeTableItem } from './store-table-item.ts';
import { storeItem } from './store-item.ts';

export interface SourcesTreeParts {
  readonly engines: Pick<Engines, 'state'>;
  readonly stores: Pick<Stores, 'list' | 'load'>;
  /** Path as the user knows it: relative to the workspace where it lies in it. */
  readonly shownPath: (path: string) => string;
  readonly t: Translate;
}

/** Stores → tables → columns; above them the engine when it is down. */
export class SourcesTree implements NodeTree {
  readonly #parts: SourcesTreeParts;

  constructor(parts: SourcesTreeParts) {
    this.#parts = parts;
  }

  children(node: SluiceNode | undefined): readonly SluiceNode[] {
    if (node === undefined) return this.#roots();
    if (node.kind === 'store') return this.#tables(node.path);
    if (node.kind === 'store-table') return this.#columns(node.path, node.table);
    return [];
  }

  item(node: SluiceNode): TreeItemSpec {
    const { t, engines, shownPath, stores } = this.#parts;
    switch (node.kind) {
      case 'store': {
        stores.load(node.path);
        const store = this.#find(node.path);
        return store === undefined ? gone(node.path) : storeItem(store, { shownPath, list: stores.list, t });
      }
      case 'store-table': {
        const table = this.#find(node.path)?.summary.value?.tables.find(({ name }) => name === node.table);
        return table === undefined ? gone(node.table) : storeTableItem(table, t);
      }
      case 'store-column':
        return this.#columnItem(node);
      case 'engine':
        return engineItem(engines.state, t);
      case 'message':
        return messageItem(node);
      default:
        return gone(node.kind);
    }
  }

  #roots(): readonly SluiceNode[] {
    const { engines, stores } = this.#parts;
    const nodes = stores.list.map((store): SluiceNode => ({ kind: 'store', path: store.path }));
    // An empty tree shows the welcome text, which knows about a missing native part.
    const down = isEngineDown(engines.state) && (nodes.length > 0 || engines.state.kind === 'crashed');
    return down ? [{ kind: 'engine' }, ...nodes] : nodes;
  }

  #tables(path: string): readonly SluiceNode[] {
    const { stores, t } = this.#parts;
    stores.load(path);
    const store = this.#find(path);
    if (store === undefined) return [];
    const { summary, inspected } = store;
    const tables = (summary.value?.tables ?? []).map((table): SluiceNode => ({ kind: 'store-table', path, table: table.name }));
    if (summary.value !== null && summary.error === null && tables.length === 0) {
      return [{ kind: 'message', id: `${path} empty`, text: t('No tables') }];
    }
    const problem = inspected.error === null ? [] : [errorNode(`${path} types`, inspected.error)];
    return [...stateNodes(summary, path, t), ...problem, ...tables];
  }

  #columns(path: string, table: string): readonly SluiceNode[] {
    const { t } = this.#parts;
    const found = this.#find(path)?.summary.value?.tables.find(({ name }) => name === table);
    if (found === undefined) return [loadingNode(`${path} ${table}`, t)];
    return found.columns.map((column) => ({ kind: 'store-column', path, table, column: column.name }));
  }

  #columnItem(node: Extract<SluiceNode, { kind: 'store-column' }>): TreeItemSpec {
    const store = this.#find(node.path);
    const column = store?.summary.value?.tables.find(({ name }) => name === node.table)?.columns.find(({ name }) => name === node.column);
    if (store === undefined || column === undefined) return gone(node.column);
    const types = store.inspected.value?.tables.find(({ name }) => name === node.table)?.columns.find(({ name }) => name === node.column);
    return storeColumnItem(column, types ?? null, this.#parts.t);
  }

  #find(path: string): StoreEntry | undefined {
    return this.#parts.stores.list.find((store) => store.path === path);
  }
}

/** A node that was drawn a moment ago and is no more; the next look at the tree leaves it out. */
function gone(label: string): TreeItemSpec {
  return { label, state: 'leaf', context: 'gone' };
}
