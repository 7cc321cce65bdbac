import { targetNameOf } from '../commands/ask/ask-table.ts';
import type { PlanState } from '../host/host.ts';

export interface PlannedColumn {
  /** Of the plan. */
  readonly name: string;
  readonly input: { readonly kind: 'plan'; readonly path: string; readonly text: string };
  /** That makes the embeddings of this column; null when the plan does not say. */
  readonly model: string | null;
}

/** A column of the target as the open plan has it, whichever target it was run on; null when it does not load that table. An unsaved plan counts as it is. */
export function plannedColumn(
  state: PlanState | null,
  { schema, table, column }: { readonly schema: string; readonly table: string; readonly column: string },
): PlannedColumn | null {
  const plan = state?.plan ?? null;
  if (state === null || plan === null) return null;
  const found = plan.tables.find((one) => {
    const name = targetNameOf(plan, one);
    return one.include && name.schema === schema && name.table === table;
  });
  if (found === undefined) return null;
  const model = found.embed?.to === column ? found.embed.model : null;
  return { name: plan.name, input: { kind: 'plan', path: state.uri.fsPath, text: state.text }, model };
}
