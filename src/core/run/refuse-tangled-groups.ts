import { MigrationError } from '../errors.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';

type TableGroup = readonly CompiledTable[];

/**
 * Tables that were there before the run wait for the tables that they refer to. A group would wait for itself where these wait for one of its other
 * tables, and rows of a circle would have to wait outside of the transaction of their document.
 */
export function refuseTangledGroups(groups: readonly TableGroup[]): void {
  for (const group of groups) if (group.length > 1) refuseTangled(group, groups);
}

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
