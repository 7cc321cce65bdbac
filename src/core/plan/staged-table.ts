import type { SqlStagedTable } from '../sql/existing/staging.ts';
import type { CompiledTable } from './compiled-plan.ts';

/** A table that was there before the run, as statements need it; null for one that the run makes. */
export function stagedTable({ existing, to, label, columns }: CompiledTable): SqlStagedTable | null {
  return existing === undefined ? null : { ...existing, to, label, written: columns.map((column) => column.to) };
}
