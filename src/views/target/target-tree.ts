import type { TargetSchema, TargetTableDetails } from '../../core/model/target-tree.ts';
import type { TargetEntry, Targets } from '../../host/host.ts';
import { messageItem, stateNodes } from '../messages.ts';
import type { SluiceNode } from '../nodes.ts';
import type { NodeTree, Translate, TreeItemSpec } from '../tree-item-spec.ts';
import { constraintItem, groupItem, indexItem, targetColumnItem } from './target-column-item.ts';
import { schemaItem, targetItem, targetTableItem } from './target-item.ts';

export interface TargetTreeParts {
  readonly targets: Pick<Targets, 'find' | 'list' | 'current' | 'load' | 'loadTable'>;
  readonly t: Translate;
}

type TableNode = Extract<SluiceNode, { kind: 'target-table' }>;

/** Profiles → schemas → tables → columns, constraints, indexes. A profile that nobody connected to has no children. */
export class TargetTree implements NodeTree {
  readonly #parts: TargetTreeParts;

  constructor(parts: TargetTreeParts) {
    this.#parts = parts;
  }

  children(node: SluiceNode | undefined): readonly SluiceNode[] {
    switch (node?.kind) {
      case undefined:
        return this.#parts.targets.list.map(({ profile }) => ({ kind: 'target', profile: profile.id }));
      case 'target':
        return this.#schemas(node.profile);
      case 'schema':
        return this.#tables(node.profile, node.schema);
      case 'target-table':
        return this.#partsOf(node);
      case 'group':
        return this.#members(node);
      default:
        return [];
    }
  }

  item(node: SluiceNode): TreeItemSpec {
    const { targets, t } = this.#parts;
    switch (node.kind) {
      case 'target': {
        targets.load(node.profile);
        const entry = targets.find(node.profile);
        return entry === undefined ? gone(node.profile) : targetItem(entry, targets.current.id === node.profile, t);
      }
      case 'schema': {
        const schema = this.#schema(node.profile, node.schema);
        return schema === undefined ? gone(node.schema) : schemaItem(schema, t);
      }
      case 'target-table': {
        const table = this.#schema(node.profile, node.schema)?.tables.find(({ name }) => name === node.table);
        return table === undefined ? gone(node.table) : targetTableItem(table, t);
      }
      case 'target-column': {
        const column = this.#details(node)?.columns.find(({ name }) => name === node.column);
        return column === undefined ? gone(node.column) : targetColumnItem(column, t);
      }
      case 'constraint': {
        const constraint = this.#details(node)?.constraints.find(({ name }) => name === node.name);
        return constraint === undefined ? gone(node.name) : constraintItem(constraint, t);
      }
      case 'index': {
        const index = this.#details(node)?.indexes.find(({ name }) => name === node.name);
        return index === undefined ? gone(node.name) : indexItem(index, t);
      }
      case 'group':
        return groupItem(node.id, node.label, this.#members(node).length);
      case 'message':
        return messageItem(node);
      default:
        return gone(node.kind);
    }
  }

  #schemas(profile: string): readonly SluiceNode[] {
    const { targets, t } = this.#parts;
    targets.load(profile);
    const entry = targets.find(profile);
    if (entry === undefined || !entry.connected) return [];
    const schemas = shownSchemas(entry).map((schema): SluiceNode => ({ kind: 'schema', profile, schema: schema.name }));
    return [...stateNodes(entry.tree, profile, t), ...schemas];
  }

  #tables(profile: string, schema: string): readonly SluiceNode[] {
    const tables = this.#schema(profile, schema)?.tables ?? [];
    if (tables.length === 0) return [{ kind: 'message', id: `${profile} ${schema} empty`, text: this.#parts.t('No tables') }];
    return tables.map((table) => ({ kind: 'target-table', profile, schema, table: table.name }));
  }

  #partsOf(node: TableNode): readonly SluiceNode[] {
    const { targets, t } = this.#parts;
    const { profile, schema, table } = node;
    targets.loadTable(profile, schema, table);
    const loaded = targets.find(profile)?.tables.get(`${schema}.${table}`);
    if (loaded === undefined) return [];
    const details = loaded.value;
    const states = stateNodes(loaded, `${profile} ${schema}.${table}`, t);
    if (details === null) return states;
    const columns = details.columns.map((column): SluiceNode => ({ kind: 'target-column', profile, schema, table, column: column.name }));
    const groups: SluiceNode[] = [];
    if (details.constraints.length > 0) groups.push({ kind: 'group', id: 'constraints', parent: node, label: t('Constraints') });
    if (details.indexes.length > 0) groups.push({ kind: 'group', id: 'indexes', parent: node, label: t('Indexes') });
    return [...states, ...columns, ...groups];
  }

  #members({ id, parent }: Extract<SluiceNode, { kind: 'group' }>): readonly SluiceNode[] {
    if (parent.kind !== 'target-table') return [];
    const { profile, schema, table } = parent;
    const details = this.#details(parent);
    const named = id === 'constraints' ? details?.constraints : details?.indexes;
    const kind = id === 'constraints' ? 'constraint' : 'index';
    return (named ?? []).map(({ name }) => ({ kind, profile, schema, table, name }));
  }

  #schema(profile: string, name: string): TargetSchema | undefined {
    return this.#parts.targets.find(profile)?.tree.value?.schemas.find((schema) => schema.name === name);
  }

  #details({ profile, schema, table }: Pick<TableNode, 'profile' | 'schema' | 'table'>): TargetTableDetails | null {
    return this.#parts.targets.find(profile)?.tables.get(`${schema}.${table}`)?.value ?? null;
  }
}

/** The server's own schemas are hidden; that of Sluice's state comes last. */
function shownSchemas({ tree }: TargetEntry): readonly TargetSchema[] {
  const shown = (tree.value?.schemas ?? []).filter(({ name }) => !/^pg_|^information_schema$/.test(name));
  return shown.toSorted((a, b) => Number(a.name === 'sluice') - Number(b.name === 'sluice'));
}

function gone(label: string): TreeItemSpec {
  return { label, state: 'leaf', context: 'gone' };
}
