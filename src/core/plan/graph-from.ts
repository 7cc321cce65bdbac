import { formatEdgeEnd, formatGraphTable, parseGraphTable, type GraphEdges } from '../model/graph-names.ts';
import type { SourceName } from './document-from.ts';
import type { PlanColumn, PlanTable } from './plan-schema.ts';

/** How a plan says which nodes or edges are the rows of a table. */
export type PlanGraph = Exclude<PlanTable['from'], string | { readonly files: string }>;

/** null when a plan reads the table's rows from something else than a graph. A name of the source's contract is one as well. */
export function graphOf({ from }: Pick<PlanTable, 'from'>): PlanGraph | null {
  if (typeof from === 'string') return parseGraphTable(from);
  return 'files' in from ? null : from;
}

/** The name of the table in the Source contract. */
export function graphTableName(graph: PlanGraph): string {
  return formatGraphTable(graph);
}

/** The name of a column in the Source contract; null for a column that only the target has. */
export function graphColumnName({ from }: Pick<PlanColumn, 'from'>, table: PlanGraph): SourceName | null {
  if (from === null) return null;
  if (typeof from === 'string')
    return from === '' ? { fault: 'only a document is read as a whole; name a field', key: 'from' } : { name: from };
  if (!('edge' in from))
    return { fault: `{ "${Object.keys(from)[0] ?? ''}" } is for tables that come from documents; name a field`, key: 'from' };
  const edge = edgesOf(from.edge);
  if (edge === null) return { fault: '"edge" is the name of a class of edges, or { "edge", "source", "target" }', key: 'from' };
  if (!('node' in table)) return { fault: 'only a node has edges', key: 'from' };
  const [own, other] = from.end === 'source' ? [edge.target, 'target'] : [edge.source, 'source'];
  if (own !== undefined && own !== table.node)
    return {
      fault: `the ${from.end} of these edges is no neighbour of the row: their ${other} is a ${own}, and the row a ${table.node}`,
      key: 'from',
    };
  return { name: formatEdgeEnd({ edge, end: from.end }) };
}

function edgesOf(edge: string | PlanGraph): GraphEdges | null {
  if (typeof edge === 'string') return { edge };
  return 'edge' in edge ? edge : null;
}
