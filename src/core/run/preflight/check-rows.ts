import type { EngineDeps } from '../../engine-deps.ts';
import { wholeRecord, type ConversionCheck } from '../../load/check-conversions.ts';
import { mostKeyBytes, type TupleLimits } from '../../load/tuple-meter.ts';
import { mostTupleBytes } from '../../load/tuple-width.ts';
import { plural } from '../../model/plural.ts';
import type { CompiledTable } from '../../plan/compiled-plan.ts';
import { sourceNamed } from '../frozen-sources.ts';
import { ProgressMeter } from '../progress-meter.ts';
import { findGroups } from '../table-groups.ts';
import type { WorkerPool } from '../worker-pool.ts';
import type { EffectivePlan } from '../effective-plan.ts';
import type { FrozenSources } from '../frozen-sources.ts';
import { foundError, foundWarning, type Found } from './finding.ts';
import { tablesOfRun } from './plan-limits.ts';
import { tupleLimitsOf } from './tuple-limits.ts';

/** Rows of some tables, converted as the load will do it and measured; nothing is kept. */
export interface RowTrial {
  readonly checks: readonly ConversionCheck[];
  readonly findings: readonly Found[];
}

/**
 * Reads the rows of `all` tables, or of those only where a row may be too much for PostgreSQL: the first bad row must not come after a
 * thousand good ones were written, and a key that is too long not after all of them.
 */
export async function checkRows(
  { plan, compiled }: EffectivePlan,
  sources: FrozenSources,
  all: boolean,
  pool: WorkerPool,
  deps: EngineDeps,
  signal: AbortSignal,
): Promise<RowTrial> {
  const planned = new Map(tablesOfRun(plan, compiled).map((table) => [table.label, table]));
  const limitsOf = (table: CompiledTable): TupleLimits => {
    const body = planned.get(table.label);
    const { snapshot, profiles = [] } = sourceNamed(sources, table.source);
    const profile = profiles.find((candidate) => candidate.table === table.from) ?? null;
    const largest = snapshot.measured[table.from]?.largestRow ?? null;
    return body === undefined ? { wide: false, keys: [] } : tupleLimitsOf(body, table, largest, profile);
  };
  const tables = compiled.tables
    .map((table) => ({ table, limits: limitsOf(table) }))
    .filter(({ limits }) => all || limits.wide || limits.keys.length > 0);
  const meter = new ProgressMeter('preflight', null, deps);
  const firsts = new Set((await findGroups(compiled.tables, sources, pool, signal)).map(([first]) => first));
  const checks = await Promise.all(
    tables.map(({ table, limits }) =>
      pool.run(
        'check',
        { snapshot: sourceNamed(sources, table.source).snapshot, table, limits, isFirst: firsts.has(table) },
        signal,
        (progress) => meter.add(progress),
      ),
    ),
  );
  const stop = plan.options.onReject === 'stop';
  return { checks, findings: [...rejects(checks, stop), ...checks.flatMap((check) => excesses(check, stop))] };
}

function rejects(checks: readonly ConversionCheck[], stop: boolean): readonly Found[] {
  const bad = checks.filter((check) => check.rejects > 0);
  if (bad.length === 0) return [];
  const context = { rejects: bad.reduce((sum, check) => sum + check.rejects, 0), examples: bad.flatMap(describeCheck) };
  return [stop ? foundError('rejects-expected', context) : foundWarning('rejects-known', context)];
}

function describeCheck(check: ConversionCheck): string[] {
  const columns = Object.entries(check.byColumn).map(
    ([column, rows]) => `${check.table}${column === wholeRecord ? ', ' : '.'}${column}: ${rows} of ${plural(check.rows, 'row')}`,
  );
  return [...columns, ...check.examples.slice(0, 2).map((example) => `${example.provenance}, ${example.column}: ${example.message}`)];
}

/** Rows that are too wide can be kept aside, but not all of them; a key that is too long would fail when every row is loaded. */
function excesses({ table, rows, rejects: rejected, excesses: { wide, keys } }: ConversionCheck, stop: boolean): readonly Found[] {
  const found: Found[] = [];
  if (wide !== null) {
    const context = { table, rows: wide.rows, bytes: wide.bytes, row: wide.example, limit: mostTupleBytes };
    found.push(stop || wide.rows === rows - rejected ? foundError('row-too-wide', context) : foundWarning('row-too-wide', context));
  }
  for (const key of keys) {
    const { rows: count, bytes, example, certain, name } = key;
    const context = { table, rows: count, bytes, row: example, key: name, certain, limit: mostKeyBytes };
    found.push(certain ? foundError('key-too-long', context) : foundWarning('key-too-long', context));
  }
  return found;
}
