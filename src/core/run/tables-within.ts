import type { CompiledTable } from '../plan/compiled-plan.ts';

/** Tables of the same source that refer to this one, also by way of others, in the order of the run: of documents, those of what is in them. */
export function tablesWithin(table: CompiledTable, all: readonly CompiledTable[]): readonly CompiledTable[] {
  const names = new Set([table.label]);
  return all.filter(({ label, source, foreignKeys }) => {
    const refers = foreignKeys.some(({ to }) => names.has(`${to.schema}.${to.table}`));
    if (!refers || label === table.label || source !== table.source) return false;
    names.add(label);
    return true;
  });
}
