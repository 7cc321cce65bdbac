import { areComparable } from './reconcile-key-types.ts';
import type { PlannedKeys, PlanTableInput } from './plan-keys.ts';
import type { Remarks } from './remarks.ts';
import { findColumns, plannedName, type ColumnDraft, type TableDraft } from './table-draft.ts';
import type { CatalogForeignKey } from '../../model/catalog.ts';

export type PlanForeignKeyInput = NonNullable<PlanTableInput['foreignKeys']>[number];

export interface TableWithKeys {
  readonly draft: TableDraft;
  readonly keys: PlannedKeys;
}

/** Foreign keys with their actions (S16–S19). What PostgreSQL could not create is left out, each with its reason. */
export function planForeignKeys({ draft }: TableWithKeys, all: readonly TableWithKeys[], remarks: Remarks): readonly PlanForeignKeyInput[] {
  return draft.table.foreignKeys.flatMap((key) => {
    const planned = planForeignKey(draft, key, all);
    if (typeof planned !== 'string') return [planned];
    const message = `The foreign key (${key.columns.join(', ')}) to ${key.references} (${key.referencesColumns.join(', ')}) is not carried over: ${planned}.`;
    remarks.warn('dropped-foreign-key', message, draft.table.name);
    return [];
  });
}

/** The key, or why there is none. */
function planForeignKey(draft: TableDraft, key: CatalogForeignKey, all: readonly TableWithKeys[]): PlanForeignKeyInput | string {
  const parent = all.find((candidate) => candidate.draft.source === draft.source && candidate.draft.table.name === key.references);
  if (parent === undefined) return 'there is no such table';
  const columns = findColumns(draft, key.columns);
  const referenced = findColumns(parent.draft, key.referencesColumns);
  if (columns === null || referenced === null || columns.length !== referenced.length || columns.length === 0)
    return 'its columns are not there';
  const names = referenced.map(({ to }) => to);
  if (!parent.keys.referable.some((candidate) => sameSet(candidate, names))) return 'those columns have no primary or unique key there';
  const unlike = columns.find((column, i) => !areComparable(column, referenced[i] as ColumnDraft));
  if (unlike !== undefined) return `${unlike.column.name} is ${unlike.choice.type} and no type holds the values of both sides`;
  return {
    ...(key.name === null ? {} : { name: key.name }),
    columns: columns.map(({ to }) => to),
    references: plannedName(parent.draft),
    referencesColumns: names,
    ...(key.onDelete === 'no action' ? {} : { onDelete: key.onDelete }),
    ...(key.onUpdate === 'no action' ? {} : { onUpdate: key.onUpdate }),
    ...(key.deferrable ? { deferrable: true } : {}),
    orphans: key.orphans ?? 'report',
  };
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
