import type { RunResult } from '../model/run.ts';
import type { Checkpoint } from '../state/checkpoint-store.ts';
import type { EffectivePlan } from './effective-plan.ts';
import { tableOutcomes } from './load-tables.ts';
import { noteLosses } from './note-losses.ts';

/** What the checkpoints of a run say of its rows: counts per table, changes of values, and whether rows are left out. */
export function runOutcome(
  { plan, compiled }: EffectivePlan,
  checkpoints: readonly Checkpoint[],
): Pick<RunResult, 'tables' | 'rejects' | 'losses'> & { readonly status: 'done' | 'partial' } {
  const tables = tableOutcomes(compiled.tables, checkpoints);
  const rejects = tables.reduce((sum, table) => sum + table.rowsRejected, 0);
  return { status: rejects > 0 ? 'partial' : 'done', tables, rejects, losses: noteLosses(plan, compiled.tables, checkpoints) };
}
