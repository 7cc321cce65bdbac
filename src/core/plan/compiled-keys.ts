import type { SqlReference } from '../sql/orphan-rows.ts';
import type { CompiledTable } from './compiled-plan.ts';

/** A foreign key of a table whose parents are there. */
export type CompiledKey = CompiledTable['foreignKeys'][number];

/** Keys whose orphans are set aside. Nothing is taken out of a table that was there before the run: its own keys let no orphan in. */
export function quarantinedKeys({ existing, foreignKeys }: CompiledTable): readonly CompiledKey[] {
  return existing === undefined ? foreignKeys.filter(({ orphans }) => orphans === 'quarantine') : [];
}

export function referenceOf({ to }: CompiledTable, key: CompiledKey): SqlReference {
  return { child: to, columns: key.columns, parent: key.to, parentColumns: key.referencesColumns };
}
