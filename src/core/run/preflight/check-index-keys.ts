import { MigrationError } from '../../errors.ts';
import { mostKeyBytes } from '../../load/tuple-meter.ts';
import type { EffectivePlan } from '../effective-plan.ts';
import { sourceNamed, type FrozenSources } from '../frozen-sources.ts';
import type { WorkerPool } from '../worker-pool.ts';
import { foundError, foundWarning, type Found } from './finding.ts';
import { indexKeysOf, type MeasurableKey } from './index-keys.ts';
import { tablesOfRun } from './plan-limits.ts';

/** Keys of indexes over expressions or over some of the rows that a B-tree cannot take, measured by the store; those that it cannot measure are named. */
export async function checkIndexKeys(
  { plan, compiled }: EffectivePlan,
  sources: FrozenSources,
  pool: WorkerPool,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const loaded = new Map(compiled.tables.map((table) => [table.label, table]));
  const found = tablesOfRun(plan, compiled).flatMap(({ label, load }) => {
    const table = loaded.get(label);
    if (table === undefined || load === null) return [];
    const { snapshot, catalog } = sourceNamed(sources, table.source);
    // Rows this short have no long key, whatever is made of their values in an index.
    if ((snapshot.measured[table.from]?.largestRow ?? Infinity) < mostKeyBytes / 2) return [];
    const from = catalog.tables.find(({ name }) => name === table.from) ?? null;
    return indexKeysOf(load, from, plan.options.identifiers).map((key) => ({ label, snapshot, table: table.from, key }));
  });
  const told = await Promise.all(
    found.map(async ({ label, snapshot, table, key }) => {
      if (key.key === null || !snapshot.capabilities.sql)
        return unmeasured(label, key, 'the store has no index of this name over the same');
      try {
        const excess = await pool.run('measureKey', { snapshot, table, key: key.key }, signal);
        return excess === null ? [] : [tooLong(label, key, excess)];
      } catch (error) {
        if (!(error instanceof MigrationError) || error.code !== 'filter-refused') throw error;
        return unmeasured(label, key, error.context.detail ?? 'the store cannot evaluate it');
      }
    }),
  );
  return told.flat();
}

function unmeasured(table: string, { name }: MeasurableKey, detail: string): readonly Found[] {
  return [foundWarning('key-not-measured', { table, key: name, detail, limit: mostKeyBytes })];
}

function tooLong(
  table: string,
  { name, exact }: MeasurableKey,
  excess: { rows: number; bytes: number; example: string; certain: boolean },
): Found {
  const { rows, bytes, example, certain } = excess;
  const context = { table, rows, bytes, row: example, key: name, certain: certain && exact, exact, limit: mostKeyBytes };
  return certain && exact ? foundError('key-too-long', context) : foundWarning('key-too-long', context);
}
