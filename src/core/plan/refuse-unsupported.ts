import { MigrationError } from '../errors.ts';
import type { PlannedTable } from './planned-table.ts';

/** Throws `unsupported-plan-feature` for what the plan file may say already but nothing carries out yet, instead of leaving it out silently. */
export function refuseUnsupported(tables: readonly PlannedTable[]): void {
  for (const table of tables) {
    const found = features.find((feature) => feature.used(table));
    if (found !== undefined) {
      throw new MigrationError('unsupported-plan-feature', { context: { table: table.label, feature: found.key, detail: found.detail } });
    }
  }
}

interface Feature {
  readonly key: string;
  readonly detail: string;
  readonly used: (table: PlannedTable) => boolean;
}

const features: readonly Feature[] = [
  { key: 'from', detail: 'a form that names no table of the store', used: (t) => t.load !== null && typeof t.load.from !== 'string' },
  {
    key: 'columns.from',
    detail: 'a form that names no column of the table',
    used: (t) => t.body.columns.some((c) => c.from !== null && typeof c.from !== 'string'),
  },
  { key: 'where', detail: 'loading a part of a table', used: (t) => (t.load?.where ?? null) !== null },
];
