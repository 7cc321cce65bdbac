import { changeWords } from '../mapping/counted-change.ts';
import type { LossNote } from '../model/loss-note.ts';
import { plural } from '../model/plural.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Plan } from '../plan/plan-schema.ts';
import { resolveTableName, tableLabel } from '../plan/planned-table.ts';
import type { Checkpoint } from '../state/checkpoint-store.ts';

/** What was counted in rows of one table, by a load or by a trial. */
type CountedChanges = Pick<Checkpoint, 'table' | 'counts'>;

/**
 * Every change of a value, as it was counted: one note for each column and change. A loss that the plan accepted and no value had is told as 0.
 * `changes`: null when no row was read yet, so that only the plan can speak.
 */
export function noteLosses(plan: Plan, tables: readonly CompiledTable[], changes: readonly CountedChanges[] | null): LossNote[] {
  return tables.flatMap((table) => {
    const counted = countedLosses(table, changes ?? []);
    const isCounted = (note: LossNote): boolean => counted.some((other) => other.column === note.column);
    return [...counted, ...plannedLosses(plan, table, changes !== null).filter((note) => !isCounted(note))];
  });
}

function countedLosses(table: CompiledTable, changes: readonly CountedChanges[]): LossNote[] {
  const totals = new Map<string, number>();
  for (const { table: label, counts } of changes) {
    if (label !== table.label) continue;
    for (const [name, count] of Object.entries(counts)) totals.set(name, (totals.get(name) ?? 0) + count);
  }
  // Rows that were taken out again take their changes with them.
  for (const [name, values] of totals) if (values <= 0) totals.delete(name);
  return [...totals].map(([name, values]) => {
    const at = name.lastIndexOf(': ');
    const change = name.slice(at + 2);
    return { table: table.label, column: name.slice(0, at), loss: change, values, message: plural(values, ...words(change)) };
  });
}

function words(change: string): readonly [string, string] {
  return (changeWords as Readonly<Record<string, readonly [string, string]>>)[change] ?? [change, change];
}

function plannedLosses(plan: Plan, table: CompiledTable, wereCounted: boolean): LossNote[] {
  const planned = plan.tables.find((candidate) => tableLabel(resolveTableName(candidate.to, plan.target.schema)) === table.label);
  return (planned?.columns ?? [])
    .filter((column) => column.loss !== 'exact')
    .map((column) => {
      const planned = `planned as ${column.loss}${column.evidence === '' ? '' : `: ${column.evidence}`}`;
      return {
        table: table.label,
        column: column.to,
        loss: column.loss,
        values: wereCounted ? 0 : null,
        message: wereCounted ? `no value was changed; ${planned}` : planned,
      };
    });
}
