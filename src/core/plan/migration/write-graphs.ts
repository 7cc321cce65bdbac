import { parseGraphTable } from '../../model/graph-names.ts';
import type { PlanTableInput } from './plan-keys.ts';
import type { TableDraft } from './table-draft.ts';

/** Tables of a graph as a person writes them, instead of the names that the source has for them. */
export function writeGraphs(tables: readonly PlanTableInput[], drafts: readonly TableDraft[]): PlanTableInput[] {
  return tables.map((table) => {
    const draft = drafts.find((one) => one.source === table.source && one.table.name === table.from && one.table.graph === true);
    const graph = draft === undefined ? null : parseGraphTable(draft.table.name);
    return graph === null ? table : { ...table, from: graph };
  });
}
