import { graphColumnName, graphOf, graphTableName, type PlanGraph } from './graph-from.ts';
import { documentColumnName, documentsOf, documentTableName, namesDocuments } from './document-from.ts';
import type { PlanColumn, PlanTable } from './plan-schema.ts';

/**
 * A table of the plan with the names that the Source contract has for what documents and graphs need an object for. A form that names nothing stays as it is, and so
 * does a table that needs none.
 */
export function withSourceNames(table: PlanTable): PlanTable {
  if (!namesDocuments(table.from)) {
    const graph = graphOf(table);
    return graph === null ? table : withGraphNames(table, graph);
  }
  const documents = documentsOf(table);
  const named = documents === null ? null : documentTableName(documents);
  const from = named !== null && 'name' in named ? named.name : table.from;
  const columns = table.columns.map((column): PlanColumn => {
    const name = documentColumnName(column, documents);
    return name === null || 'fault' in name || name.name === column.from ? column : { ...column, from: name.name };
  });
  return { ...table, from, columns };
}

function withGraphNames(table: PlanTable, graph: PlanGraph): PlanTable {
  const columns = table.columns.map((column): PlanColumn => {
    const name = graphColumnName(column, graph);
    return name === null || 'fault' in name || name.name === column.from ? column : { ...column, from: name.name };
  });
  return { ...table, from: graphTableName(graph), columns };
}
