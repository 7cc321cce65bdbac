import type { SluiceNode } from './nodes.ts';

/** The same text for the same node of a view, so that what is expanded or selected stays so. Names may hold any character. */
export function nodeId(node: SluiceNode): string {
  return JSON.stringify(partsOf(node));
}

function partsOf(node: SluiceNode): readonly (string | number | readonly (string | number)[])[] {
  switch (node.kind) {
    case 'store':
      return [node.kind, node.path];
    case 'store-table':
      return [node.kind, node.path, node.table];
    case 'store-column':
      return [node.kind, node.path, node.table, node.column];
    case 'target':
      return [node.kind, node.profile];
    case 'schema':
      return [node.kind, node.profile, node.schema];
    case 'target-table':
      return [node.kind, node.profile, node.schema, node.table];
    case 'target-column':
      return [node.kind, node.profile, node.schema, node.table, node.column];
    case 'group':
      return [node.kind, node.id, nodeId(node.parent)];
    case 'constraint':
    case 'index':
      return [node.kind, node.profile, node.schema, node.table, node.name];
    case 'plan-table':
      return [node.kind, node.uri, node.table];
    case 'plan-column':
      return [node.kind, node.uri, node.table, node.column];
    case 'plan-remark':
      return [node.kind, node.uri, node.id];
    case 'plan-changes':
      return [node.kind, node.uri, node.change];
    case 'plan-change':
      return [node.kind, node.uri, node.change, node.index];
    case 'run':
      return [node.kind, node.key];
    case 'run-table':
    case 'run-rejects':
    case 'run-orphans':
      return [node.kind, node.key, node.table];
    case 'run-reject':
    case 'run-orphan':
      return [node.kind, node.key, node.table, node.index];
    case 'engine':
      return [node.kind];
    case 'message':
      return [node.kind, node.id];
    case 'load-more':
      return [node.kind, node.view, node.parent];
  }
}
