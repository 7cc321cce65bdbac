import { MigrationError } from '../../errors.ts';
import type { CompiledTable } from '../../plan/compiled-plan.ts';
import type { PlannedTable } from '../../plan/planned-table.ts';
import type { PlanTargetOnlyTable } from '../../plan/plan-schema.ts';
import { quotedNames } from '../../plan/quoted-names.ts';
import type { EffectivePlan } from '../effective-plan.ts';
import { sourceNamed, type FrozenSources } from '../frozen-sources.ts';
import type { WorkerPool } from '../worker-pool.ts';
import { foundError, foundWarning, type Found } from './finding.ts';
import { isCopied } from './index-keys.ts';
import { tablesOfRun } from './plan-limits.ts';

/** A CHECK that the plan knows in the store's own words too. */
interface CountableCheck {
  readonly expression: string;
  readonly from: string;
}

/** Rows that break a CHECK of the plan, counted by the store itself. A table that was there before the run has checks of its own instead. */
export async function checkBrokenChecks(
  { plan, compiled }: EffectivePlan,
  sources: FrozenSources,
  pool: WorkerPool,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const stop = plan.options.onReject === 'stop';
  const loaded = new Map(compiled.tables.map((table) => [table.label, table]));
  const found = tablesOfRun(plan, compiled).flatMap((planned) => {
    const table = loaded.get(planned.label);
    if (table === undefined || !sourceNamed(sources, table.source).snapshot.capabilities.sql) return [];
    return planned.body.checks.flatMap((check) => (isCountable(check) ? [{ planned, table, check }] : []));
  });
  const counted = await Promise.all(
    found.map(async ({ planned, table, check }) => {
      const rows = await countBroken(table, check, sources, pool, signal);
      return rows instanceof MigrationError ? [{ severity: 'warning', error: rows } as const] : tell(planned, check, rows, stop);
    }),
  );
  return counted.flat();
}

function isCountable(check: PlanTargetOnlyTable['checks'][number]): check is CountableCheck {
  return typeof check !== 'string' && check.from !== undefined;
}

/** In SQL a NULL passes, in both databases. Returns what the store says where the condition is none. */
async function countBroken(
  { source, from }: CompiledTable,
  check: CountableCheck,
  sources: FrozenSources,
  pool: WorkerPool,
  signal: AbortSignal,
): Promise<number | MigrationError> {
  const { snapshot } = sourceNamed(sources, source);
  try {
    return await pool.run('countRows', { snapshot, table: from, filter: `NOT (${check.from}\n)` }, signal);
  } catch (error) {
    if (error instanceof MigrationError && error.code === 'filter-refused') return error;
    throw error;
  }
}

function tell({ label, body }: PlannedTable, { expression }: CountableCheck, rows: number, stop: boolean): readonly Found[] {
  if (rows === 0) return [];
  // What the store counts is what PostgreSQL will refuse only where values arrive as they are.
  const names = quotedNames(expression);
  const exact = body.columns.every((column) => !names.includes(column.to) || isCopied(column));
  const context = { table: label, rows, check: expression, exact };
  return [stop && exact ? foundError('check-broken', context) : foundWarning('check-broken', context)];
}
