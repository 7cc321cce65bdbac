import { plannedTables } from '../plan/planned-table.ts';
import { readPlan } from '../plan/read-plan.ts';
import type { VectorColumnName } from '../vectors/vector-column.ts';

/** The model that a plan names for the embeddings of a column; null when it says nothing of it. Throws `plan-invalid`. */
export function plannedModel(input: { readonly text: string; readonly path: string }, column: VectorColumnName): string | null {
  const plan = readPlan(input.text, { path: input.path });
  const tables = plannedTables(plan, plan.target.schema).filter(({ to }) => to.table === column.table);
  const table = tables.find(({ to }) => to.schema === column.schema) ?? tables[0];
  const embed = table?.load?.embed ?? null;
  return embed?.to === column.column ? embed.model : null;
}
