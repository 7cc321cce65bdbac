import type { Plan, PlanTable } from '../../core/plan/plan-schema.ts';
import { pickOne } from './pick-one.ts';
import { plainLabel } from './plain-text.ts';

/** `schema.table` of a table of a plan in its target. */
export function labelOf(plan: Plan, table: Pick<PlanTable, 'to'>): string {
  const { schema, table: name } = targetNameOf(plan, table);
  return `${schema}.${name}`;
}

export function targetNameOf(plan: Plan, { to }: Pick<PlanTable, 'to'>): { readonly schema: string; readonly table: string } {
  return typeof to === 'string' ? { schema: plan.target.schema, table: to } : to;
}

/** One of the tables that a plan loads. */
export async function askTable(plan: Plan, placeHolder: string): Promise<PlanTable> {
  const tables = plan.tables.filter((table) => table.include);
  const items = tables.map((table) => ({
    label: plainLabel(labelOf(plan, table)),
    description: typeof table.from === 'string' ? plainLabel(table.from) : '',
    table,
  }));
  const [only] = items;
  if (items.length === 1 && only !== undefined) return only.table;
  return (await pickOne(items, { placeHolder })).table;
}
