import type { CompiledTable } from './compiled-plan.ts';

/** The table with all columns that can be compared: those that were loaded, then those that the target computes by itself. */
export function withComputed(table: CompiledTable): CompiledTable {
  const { computed = [], ...loaded } = table;
  return computed.length === 0 ? table : { ...loaded, columns: [...loaded.columns, ...computed] };
}
