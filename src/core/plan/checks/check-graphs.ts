import { graphKinds } from '../../model/source-kind.ts';
import { graphColumnName, graphOf, type PlanGraph } from '../graph-from.ts';
import { errorAt, type FoundProblem } from '../plan-problem.ts';
import type { Plan, PlanColumn, PlanTable } from '../plan-schema.ts';

/** What only edges have. */
const ofEdges: ReadonlySet<string> = new Set(['source_id', 'target_id', 'is_undirected', 'position']);

/** Tables and columns of graphs: sources that are graphs, forms that fit the table. */
export function checkGraphs(plan: Plan): readonly FoundProblem[] {
  return plan.tables.flatMap((table, i) => (table.include ? checkTable(plan, table, ['tables', i]) : []));
}

function checkTable({ sources }: Plan, table: PlanTable, path: FoundProblem['path']): readonly FoundProblem[] {
  const isGraph = graphKinds.has(sources[table.source]?.kind ?? '');
  const graph = graphOf(table);
  if (!isGraph && typeof table.from !== 'string' && graph !== null)
    return [errorAt(`The source "${table.source}" is no graph: only one of kind "jac" has nodes and edges.`, [...path, 'from'])];
  if (!isGraph) return table.columns.flatMap((column, i) => checkPlain(column, table, [...path, 'columns', i, 'from']));
  if (graph === null)
    return [
      errorAt(`The source "${table.source}" is a graph; write for example { "node": "Report" } or { "edge": "routed_to" }.`, [
        ...path,
        'from',
      ]),
    ];
  return table.columns.flatMap((column, i) => {
    const name = graphColumnName(column, graph);
    const at = [...path, 'columns', i, 'from'];
    if (name === null) return [];
    if ('fault' in name) return [errorAt(`${name.fault.charAt(0).toUpperCase()}${name.fault.slice(1)}.`, at)];
    return isOutOfPlace(name.name, graph)
      ? [errorAt(`Only an edge has "${name.name}"; a field of that name is "fields.${name.name}".`, at)]
      : [];
  });
}

/** Columns of a table that comes from no graph; what documents cannot read is told elsewhere. */
function checkPlain({ from }: PlanColumn, table: PlanTable, at: FoundProblem['path']): readonly FoundProblem[] {
  const isEdge = typeof table.from === 'string' && typeof from === 'object' && from !== null && 'edge' in from;
  return isEdge ? [errorAt(`The source "${table.source}" has no edges; name a column of the table.`, at)] : [];
}

function isOutOfPlace(name: string, graph: PlanGraph): boolean {
  return ofEdges.has(name) && !('edge' in graph) && !('graph' in graph);
}
