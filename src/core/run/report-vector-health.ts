import { MigrationError } from '../errors.ts';
import type { ReportedHealth } from '../model/vector-health.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Target } from '../target/target.ts';
import { checkHealth } from '../vectors/check-health.ts';

/** Components of all vectors of a column: a few seconds of scans. More are left to whoever asks for them. */
export const mostComponents = 50_000_000;
/** Where the column does not say. */
const usualDimensions = 1_024;

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
  for (const { to: column, type } of columns)
    reported.push(await examine(target, { ...table.to, column }, { rows, dimensions: type.modifiers[0] ?? usualDimensions }, signal));
  return reported;
}

async function examine(
  target: Target,
  name: { readonly schema: string; readonly table: string; readonly column: string },
  { rows, dimensions }: { readonly rows: number; readonly dimensions: number },
  signal: AbortSignal,
): Promise<ReportedHealth> {
  const { column } = name;
  if (rows * dimensions > mostComponents) {
    const leftOut = `${rows.toLocaleString('en-US')} rows of ${dimensions.toLocaleString('en-US')} dimensions are more than a run examines by itself.`;
    return { column, health: null, leftOut };
  }
  try {
    return { column, health: await checkHealth({ ...name, examples: false, signal }, target), leftOut: null };
  } catch (error) {
    if (signal.aborted || !(error instanceof MigrationError) || error.kind === 'transient') throw error;
    return { column, health: null, leftOut: `It could not be examined: ${error.message}` };
  }
}
