import type { PlanColumn } from './plan-schema.ts';
import type { PlannedTable } from './planned-table.ts';

export interface UnacceptedLoss {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Columns whose values would be changed without the plan saying that this is wanted. */
export function unacceptedLosses(tables: readonly PlannedTable[]): readonly UnacceptedLoss[] {
  return tables.flatMap((table) =>
    table.body.columns.flatMap((column, i) =>
      needsAcceptance(column) ? [{ path: [...table.path, 'columns', i, 'loss'], message: lossText(table, column) }] : [],
    ),
  );
}

/** The column's values would be changed and nobody has said yet that this is wanted. */
export function needsAcceptance(column: { readonly type: string; readonly loss: string; readonly accept: boolean }): boolean {
  if (column.accept || (column.loss !== 'rounded' && column.loss !== 'lossy')) return false;
  // Embeddings are float32 where they come from; text and float64 copies of them lose nothing that matters.
  return !(column.loss === 'rounded' && /^(?:\w+\.)?(?:vector|halfvec)\b/i.test(column.type));
}

function lossText(table: PlannedTable, column: PlanColumn): string {
  const evidence = column.evidence === '' ? '' : ` (${column.evidence})`;
  return `${table.label}.${column.to}: ${column.loss} as ${column.type}${evidence}`;
}
