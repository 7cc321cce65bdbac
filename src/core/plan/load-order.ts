import type { CompileContext } from './compile-context.ts';
import { tableLabel, type PlannedTable } from './planned-table.ts';

/** Parents before children; tables of a cycle and tables without keys keep the order of the plan. */
export function loadOrder(context: CompileContext): readonly PlannedTable[] {
  const byLabel = new Map(context.tables.map((table) => [table.label, table]));
  const ordered = new Set<PlannedTable>();
  const underWay = new Set<PlannedTable>();
  const visit = (table: PlannedTable): void => {
    if (ordered.has(table) || underWay.has(table)) return;
    underWay.add(table);
    for (const key of context.foreignKeysOf(table)) {
      const parent = byLabel.get(tableLabel(key.to));
      if (parent !== undefined) visit(parent);
    }
    ordered.add(table);
  };
  context.tables.forEach(visit);
  return [...ordered];
}
