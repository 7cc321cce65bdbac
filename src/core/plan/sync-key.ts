import type { CompiledTable } from './compiled-plan.ts';
import { uniqueColumns } from './plan-object-names.ts';
import type { Plan } from './plan-schema.ts';
import { plannedTables } from './planned-table.ts';

/**
 * Columns by which mode sync knows a row again: the plan's primary key, else its first unique key of columns that are never NULL; of those, the first whose
 * columns all come from the source, as numbers that PostgreSQL gives do not. Empty when there is none.
 */
export function syncKey(plan: Plan, { label, columns }: Pick<CompiledTable, 'label' | 'columns'>): readonly string[] {
  const body = plannedTables(plan, plan.target.schema).find((table) => table.label === label)?.body;
  if (body === undefined) return [];
  const filled = new Set(body.columns.filter(({ nullable }) => !nullable).map(({ to }) => to));
  const uniques = body.uniques.map(uniqueColumns).filter((names) => names.every((name) => filled.has(name)));
  const isRead = (key: readonly string[]): boolean => key.every((name) => columns.some(({ to }) => to === name));
  return [body.primaryKey, ...uniques].find((key) => key.length > 0 && isRead(key)) ?? [];
}
