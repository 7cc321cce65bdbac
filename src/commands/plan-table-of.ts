import { MigrationError } from '../core/errors.ts';
import type { Plan, PlanTable } from '../core/plan/plan-schema.ts';
import type { Host, PlanState } from '../host/host.ts';
import { askPlan, requireValid } from './ask/ask-plan.ts';

export interface PlanTableOfNode {
  readonly state: PlanState;
  readonly plan: Plan;
  readonly table: PlanTable;
}

/** The table that a node of the Plan view or a code lens is about. */
export async function planTableOf(host: Host, node: { readonly uri: string; readonly table: number }): Promise<PlanTableOfNode> {
  const state = await askPlan(host, node);
  const plan = requireValid(state);
  const table = plan.tables[node.table];
  if (table === undefined) throw new MigrationError('bad-usage', { context: { detail: 'That table is no longer in the plan', hint: '' } });
  return { state, plan, table };
}
