import { changeWords } from '../mapping/counted-change.ts';
import type { LossNote } from '../model/run.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Plan } from '../plan/plan-schema.ts';
import type { Checkpoint } from '../state/checkpoint-store.ts';

/** Every change of a value, as the load counted it: one note for each column and change. A loss that the plan accepted and no value had is told as 0. */
export function noteLosses(plan: Plan, tables: readonly CompiledTable[], checkpoints: readonly Checkpoint[]): LossNote[] {
  return tables.flatMap((table) => {
    const counted = countedLosses(table, checkpoints);
    const isCounted = (note: LossNote): boolean => counted.some((other) => other.column === note.column);
    return [...counted, ...plannedLosses(plan, table).filter((note) => !isCounted(note))];
  });
}

function countedLosses(table: CompiledTable, checkpoints: readonly Checkpoint[]): LossNote[] {
  const totals = new Map<string, number>();
  for (const checkpoint of checkpoints) {
    if (checkpoint.table !== table.label) continue;
    for (const [name, count] of Object.entries(checkpoint.counts)) totals.set(name, (totals.get(name) ?? 0) + count);
  }
  return [...totals].map(([name, values]) => {
    const at = name.lastIndexOf(': ');
    const change = name.slice(at + 2);
    return { table: table.label, column: name.slice(0, at), loss: change, values, message: `${values} ${words(change)}` };
  });
}

function words(change: string): string {
  return (changeWords as Readonly<Record<string, string>>)[change] ?? change;
}

function plannedLosses(plan: Plan, table: CompiledTable): LossNote[] {
  const planned = plan.tables.find((candidate) => candidate.source === table.source && candidate.from === table.from);
  return (planned?.columns ?? [])
    .filter((column) => column.loss !== 'exact')
    .map((column) => ({
      table: table.label,
      column: column.to,
      loss: column.loss,
      values: 0,
      message: `no value was changed; planned as ${column.loss}${column.evidence === '' ? '' : `: ${column.evidence}`}`,
    }));
}
