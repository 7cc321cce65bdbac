import type { CompiledTable } from '../plan/compiled-plan.ts';
import { sourceNamed, type FrozenSources } from './frozen-sources.ts';
import { refuseTangledGroups } from './refuse-tangled-groups.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Tables that are read in one pass and written in one transaction a chunk, in the order of the run: parents first. Most sources read one table at a time. */
export type TableGroup = readonly CompiledTable[];

/** All tables of a run by what is read together, in its order. Throws `unsupported-plan-feature` for groups that cannot be written as one. */
export async function findGroups(
  tables: readonly CompiledTable[],
  sources: FrozenSources,
  pool: WorkerPool,
  signal: AbortSignal,
): Promise<readonly TableGroup[]> {
  const names = [...new Set(tables.map(({ source }) => source))];
  const found = await Promise.all(
    names.map(async (name): Promise<readonly TableGroup[]> => {
      const own = tables.filter(({ source }) => source === name);
      const { snapshot } = sourceNamed(sources, name);
      if (!snapshot.capabilities.groups) return own.map((table) => [table]);
      const lists = await pool.run('group', { snapshot, tables: [...new Set(own.map(({ from }) => from))] }, signal);
      return lists.map((list) => own.filter(({ from }) => list.includes(from)));
    }),
  );
  const first = (group: TableGroup): number => tables.indexOf(group[0] as CompiledTable);
  const groups = found.flat().toSorted((a, b) => first(a) - first(b));
  refuseTangledGroups(groups);
  return groups;
}
