import type { EffectivePlan } from '../effective-plan.ts';
import type { FrozenSources } from '../frozen-sources.ts';
import { foundWarning, type Found } from './finding.ts';

/** Records that cannot be read are rows of a table of their own, which a plan may lack: it was made when all of them could be. */
export function checkUnreadable({ compiled }: EffectivePlan, sources: FrozenSources): readonly Found[] {
  return [...sources].flatMap(([name, { snapshot, catalog }]) =>
    catalog.tables
      .filter(
        ({ unreadable, name: table }) => unreadable === true && !compiled.tables.some((one) => one.source === name && one.from === table),
      )
      .map((table) => foundWarning('unreadable-left-out', { path: snapshot.location, table: table.name, records: table.rows ?? 0 })),
  );
}
