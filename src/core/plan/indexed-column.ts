import type { PlanIndex } from './plan-schema.ts';

/** The column that a part of an index names; null for an expression. */
export function indexedColumn(part: PlanIndex['columns'][number]): string | null {
  if (typeof part === 'string') return part;
  return 'column' in part ? part.column : null;
}
