import type { CompileContext } from './compile-context.ts';
import type { Plan, PlanColumn } from './plan-schema.ts';
import { resolveTableName, tableLabel, type PlannedTable } from './planned-table.ts';

export type PlanSequence = Plan['sequences'][number];

/** The column whose numbers come from this sequence; null when nobody owns it or its table is not part of this run. */
export function ownedColumnOf(
  context: CompileContext,
  sequence: PlanSequence,
): { readonly table: PlannedTable; readonly column: PlanColumn } | null {
  const owner = sequence.ownedBy;
  if (owner === null) return null;
  const label = tableLabel(resolveTableName(owner.table, context.schema));
  const table = context.tables.find((candidate) => candidate.label === label);
  const column = table?.body.columns.find((candidate) => candidate.to === owner.column);
  return table === undefined || column === undefined ? null : { table, column };
}
