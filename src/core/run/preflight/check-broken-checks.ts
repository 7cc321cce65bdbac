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

/** A check that rows break, as they are told. */
interface BrokenCheck {
  readonly check: CountableCheck;
  readonly rows: number;
  /** What the store counts is what PostgreSQL will refuse, since the values arrive as they are. */
  readonly exact: boolean;
}

interface CheckedTable {
  readonly planned: PlannedTable;
  readonly table: CompiledTable;
  readonly broken: readonly BrokenCheck[];
  /** What the store says of conditions that are none to it. */
  readonly unknown: readonly MigrationError[];
}

type CountRows = (table: CompiledTable, checks: readonly CountableCheck[]) => Promise<number | MigrationError>;

/**
 * Rows that break a CHECK of the plan, counted by the store itself. A table that was there before the run has checks of its own instead. An error where
 * they end the run for certain: under `stop`, and where they alone are more than may be rejected.
 */
export async function checkBrokenChecks(
  { plan, compiled }: EffectivePlan,
  sources: FrozenSources,
  pool: WorkerPool,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const { onReject, maxRejects } = plan.options;
  const loaded = new Map(compiled.tables.map((table) => [table.label, table]));
  const count: CountRows = (table, checks) => countBroken(table, checks, sources, pool, signal);
  const tables = await Promise.all(
    tablesOfRun(plan, compiled).flatMap((planned) => {
      const table = loaded.get(planned.label);
      if (table === undefined || !sourceNamed(sources, table.source).snapshot.capabilities.sql) return [];
      return [findBroken(planned, table, count)];
    }),
  );
  const found = tables.flatMap(({ planned, broken, unknown }): Found[] => [
    ...unknown.map((error): Found => ({ severity: 'warning', error })),
    ...broken.map((one) => tell(planned.label, one, onReject === 'stop')),
  ]);
  if (onReject === 'stop' || maxRejects === null) return found;
  const certain = await Promise.all(tables.map(({ table, broken }) => countRefused(table, broken, count)));
  const rejects = certain.reduce((sum, rows) => sum + rows, 0);
  return rejects > maxRejects ? [...found, foundError('rejects-beyond-limit', { rejects, limit: maxRejects })] : found;
}

async function findBroken(planned: PlannedTable, table: CompiledTable, count: CountRows): Promise<CheckedTable> {
  const { body } = planned;
  const broken: BrokenCheck[] = [];
  const unknown: MigrationError[] = [];
  const counts = await Promise.all(body.checks.filter(isCountable).map(async (check) => ({ check, rows: await count(table, [check]) })));
  for (const { check, rows } of counts) {
    if (rows instanceof MigrationError) unknown.push(rows);
    else if (rows > 0) {
      const names = quotedNames(check.expression);
      broken.push({ check, rows, exact: body.columns.every((column) => !names.includes(column.to) || isCopied(column)) });
    }
  }
  return { planned, table, broken, unknown };
}

function isCountable(check: PlanTargetOnlyTable['checks'][number]): check is CountableCheck {
  return typeof check !== 'string' && check.from !== undefined;
}

/** Rows of a table that PostgreSQL refuses for certain: one that breaks two checks is one row. */
async function countRefused(table: CompiledTable, broken: readonly BrokenCheck[], count: CountRows): Promise<number> {
  const exact = broken.filter((one) => one.exact);
  if (exact.length < 2) return exact[0]?.rows ?? 0;
  const rows = await count(
    table,
    exact.map(({ check }) => check),
  );
  return rows instanceof MigrationError ? Math.max(...exact.map((one) => one.rows)) : rows;
}

/** Rows that break at least one. In SQL a NULL passes, in both databases. Returns what the store says where a condition is none. */
async function countBroken(
  { source, from }: CompiledTable,
  checks: readonly CountableCheck[],
  sources: FrozenSources,
  pool: WorkerPool,
  signal: AbortSignal,
): Promise<number | MigrationError> {
  const { snapshot } = sourceNamed(sources, source);
  const filter = checks.map((check) => `NOT (${check.from}\n)`).join(' OR ');
  try {
    return await pool.run('countRows', { snapshot, table: from, filter }, signal);
  } catch (error) {
    if (error instanceof MigrationError && error.code === 'filter-refused') return error;
    throw error;
  }
}

function tell(table: string, { check, rows, exact }: BrokenCheck, stop: boolean): Found {
  const context = { table, rows, check: check.expression, exact };
  return stop && exact ? foundError('check-broken', context) : foundWarning('check-broken', context);
}
