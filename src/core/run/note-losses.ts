import type { LossNote } from '../model/loss-note.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Plan } from '../plan/plan-schema.ts';
import { resolveTableName, tableLabel } from '../plan/planned-table.ts';
import type { Checkpoint } from '../state/checkpoint-store.ts';

/** What the encoder counts (`column: change`), in words. */
const changes: Readonly<Record<string, string>> = {
  rounded: 'values were rounded, as the plan accepts',
  'empty as null': 'empty texts became NULL',
  'text repaired': 'texts were repaired, as the options of the plan say',
};

/** What was counted in rows of one table, by a load or by a trial. */
type CountedChanges = Pick<Checkpoint, 'table' | 'counts'>;

/** Every change of a value: those the load counted, and the columns whose type the plan itself calls wider or rounded. One note for each change. */
export function noteLosses(plan: Plan, tables: readonly CompiledTable[], checkpoints: readonly CountedChanges[]): LossNote[] {
  return tables.flatMap((table) => {
    const counted = countedLosses(table, checkpoints);
    const isCounted = (note: LossNote): boolean => counted.some((other) => other.column === note.column && other.loss === note.loss);
    return [...counted, ...plannedLosses(plan, table).filter((note) => !isCounted(note))];
  });
}

function countedLosses(table: CompiledTable, checkpoints: readonly CountedChanges[]): LossNote[] {
  const totals = new Map<string, number>();
  for (const checkpoint of checkpoints) {
    if (checkpoint.table !== table.label) continue;
    for (const [name, count] of Object.entries(checkpoint.counts)) totals.set(name, (totals.get(name) ?? 0) + count);
  }
  // Rows that were taken out again take their changes with them.
  for (const [name, values] of totals) if (values <= 0) totals.delete(name);
  return [...totals].map(([name, values]) => {
    const at = name.lastIndexOf(': ');
    const change = name.slice(at + 2);
    return { table: table.label, column: name.slice(0, at), loss: change, values, message: `${values} ${changes[change] ?? change}` };
  });
}

function plannedLosses(plan: Plan, table: CompiledTable): LossNote[] {
  const planned = plan.tables.find((candidate) => tableLabel(resolveTableName(candidate.to, plan.target.schema)) === table.label);
  return (planned?.columns ?? [])
    .filter((column) => column.loss !== 'exact')
    .map((column) => ({
      table: table.label,
      column: column.to,
      loss: column.loss,
      values: null,
      message: column.evidence === '' ? `${column.loss} as ${column.type}` : column.evidence,
    }));
}
