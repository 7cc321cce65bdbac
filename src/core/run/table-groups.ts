import { MigrationError } from '../errors.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { sourceNamed, type FrozenSources } from './frozen-sources.ts';
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
  for (const group of groups) if (group.length > 1) refuseTangled(group, groups);
  return groups;
}

/**
 * Tables that were there before the run wait for the tables that they refer to. A group would wait for itself where these wait for one of its other
 * tables, and rows of a circle would have to wait outside of the transaction of their document.
 */
function refuseTangled(group: TableGroup, groups: readonly TableGroup[]): void {
  const [circular] = group.filter(({ existing }) => existing !== undefined && existing.circle.length > 0);
  if (circular !== undefined)
    throw unsupported(circular, 'writing documents into tables that are there and whose foreign keys lead to each other in a circle');
  const groupOf = (label: string): TableGroup | undefined => groups.find((one) => one.some((table) => table.label === label));
  const seen = new Set<TableGroup>();
  const waiting = [...group];
  for (let table = waiting.pop(); table !== undefined; table = waiting.pop()) {
    for (const parent of table.existing?.after ?? []) {
      const other = groupOf(parent);
      if (other === undefined || (other === group && group.includes(table)) || seen.has(other)) continue;
      if (other === group)
        throw unsupported(
          table,
          'writing documents into tables that are there and refer to each other by way of a table outside of the documents',
        );
      seen.add(other);
      waiting.push(...other);
    }
  }
}

function unsupported(table: CompiledTable, detail: string): MigrationError {
  return new MigrationError('unsupported-plan-feature', { context: { table: table.label, feature: 'mode', detail } });
}
