import { MigrationError } from '../errors.ts';
import type { ReportedHealth } from '../model/vector-health.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Target } from '../target/target.ts';
import { checkHealth } from '../vectors/check-health.ts';

/** With more rows its scans would take a good part of the time that loading them took. */
export const mostRowsExamined = 200_000;

/**
 * The health of each vector column of a table that was written, for the report of a run. It is no part of the proof: what it finds is in the source as
 * well, and what goes wrong with it is told and no more. `rows`: of the table.
 */
export async function reportVectorHealth(
  target: Target,
  table: Pick<CompiledTable, 'to' | 'columns'>,
  rows: number,
  signal: AbortSignal,
): Promise<readonly ReportedHealth[]> {
  const columns = table.columns.filter(({ type }) => (type.name === 'vector' || type.name === 'halfvec') && type.arrayDepth === 0);
  const reported: ReportedHealth[] = [];
  for (const { to: column } of columns) reported.push(await examine(target, { ...table.to, column }, rows, signal));
  return reported;
}

async function examine(
  target: Target,
  name: { readonly schema: string; readonly table: string; readonly column: string },
  rows: number,
  signal: AbortSignal,
): Promise<ReportedHealth> {
  const { column } = name;
  if (rows > mostRowsExamined) {
    const shown = [rows, mostRowsExamined].map((count) => count.toLocaleString('en-US'));
    return { column, health: null, leftOut: `The table has ${shown[0]} rows, more than the ${shown[1]} that a run examines by itself.` };
  }
  try {
    return { column, health: await checkHealth({ ...name, examples: false, signal }, target), leftOut: null };
  } catch (error) {
    if (signal.aborted || !(error instanceof MigrationError) || error.kind === 'transient') throw error;
    return { column, health: null, leftOut: `It could not be examined: ${error.message}` };
  }
}
