import type { PlanIndex } from './plan-schema.ts';

/** The columns of an index in their order; null stands for an expression. */
export function indexColumnNames(index: Pick<PlanIndex, 'columns'>): readonly (string | null)[] {
  return index.columns.map((column) => (typeof column === 'string' ? column : 'column' in column ? column.column : null));
}
