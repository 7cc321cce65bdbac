interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** How a statement reads its tables. */
export interface PlanScans {
  /** Names of the indexes that are scanned. */
  readonly indexes: readonly string[];
  /** e.g. "Seq Scan", from the top of the plan down. */
  readonly kinds: readonly string[];
}

/** From `EXPLAIN (FORMAT JSON)`, as text or already read. */
export function planScans(explained: unknown): PlanScans {
  const parsed: unknown = typeof explained === 'string' ? JSON.parse(explained) : explained;
  const nodes = (parsed as readonly { readonly Plan: PlanNode }[]).flatMap((statement) => nodesOf(statement.Plan));
  return {
    indexes: nodes.flatMap((node) => node['Index Name'] ?? []),
    kinds: nodes.map((node) => node['Node Type']).filter((kind) => kind.endsWith('Scan')),
  };
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
