import { imposeType } from '../../mapping/choose-type.ts';
import { countContradictions, type TypeMapping } from '../../mapping/contradictions.ts';
import { scalarType } from '../../mapping/scalar-type.ts';
import type { Remarks } from './remarks.ts';
import { findColumns, type ColumnDraft, type TableDraft } from './table-draft.ts';

/**
 * Brings columns that foreign keys connect to one type, because PostgreSQL compares only what can be compared: the parent's type where the child's
 * values fit it, else another of the types involved, else text. A group for which no type holds every value stays as it is; its foreign keys are left
 * out later (`areComparable`).
 */
export function reconcileKeyTypes(drafts: readonly TableDraft[], remarks: Remarks): void {
  for (const group of connectedColumns(drafts)) {
    const types = new Set(group.map(({ draft }) => draft.choice.type));
    if (types.size === 1) continue;
    const mapping = candidates(group).find((candidate) => group.every((member) => holds(candidate, member)));
    if (mapping !== undefined) impose(mapping, group, remarks);
  }
}

/** PostgreSQL has an equality between the two, usable by a foreign key. */
export function areComparable(child: ColumnDraft, parent: ColumnDraft): boolean {
  return familyOf(child) === familyOf(parent);
}

interface Member {
  readonly table: TableDraft;
  readonly draft: ColumnDraft;
  /** Somebody refers to it. */
  isParent: boolean;
}

const families: Readonly<Record<string, string>> = { smallint: 'integer', integer: 'integer', bigint: 'integer', varchar: 'text' };

function familyOf({ choice }: ColumnDraft): string {
  return families[choice.mapping.type.name] ?? choice.type;
}

/** Columns grouped by the foreign keys between them, each group in the order of the tables. */
function connectedColumns(drafts: readonly TableDraft[]): readonly (readonly Member[])[] {
  const groupOf = new Map<ColumnDraft, Member[]>();
  const groupFor = (table: TableDraft, draft: ColumnDraft): Member[] => {
    const group = groupOf.get(draft) ?? [{ table, draft, isParent: false }];
    groupOf.set(draft, group);
    return group;
  };
  for (const { child, parent, pairs } of keyPairs(drafts)) {
    for (const [childColumn, parentColumn] of pairs) {
      const into = groupFor(parent, parentColumn);
      const from = groupFor(child, childColumn);
      for (const member of into) if (member.draft === parentColumn) member.isParent = true;
      if (into === from) continue;
      into.push(...from);
      for (const member of from) groupOf.set(member.draft, into);
    }
  }
  return [...new Set(groupOf.values())];
}

interface KeyPairs {
  readonly child: TableDraft;
  readonly parent: TableDraft;
  readonly pairs: readonly (readonly [ColumnDraft, ColumnDraft])[];
}

function keyPairs(drafts: readonly TableDraft[]): readonly KeyPairs[] {
  return drafts.flatMap((child) =>
    child.table.foreignKeys.flatMap((key) => {
      const parent = drafts.find((draft) => draft.source === child.source && draft.table.name === key.references);
      const columns = findColumns(child, key.columns);
      const referenced = parent === undefined ? null : findColumns(parent, key.referencesColumns);
      if (parent === undefined || columns === null || referenced === null || columns.length !== referenced.length) return [];
      return [{ child, parent, pairs: columns.map((column, i) => [column, referenced[i] as ColumnDraft] as const) }];
    }),
  );
}

function candidates(group: readonly Member[]): readonly TypeMapping[] {
  const byParents = [...group].sort((a, b) => Number(b.isParent) - Number(a.isParent));
  return [...byParents.map(({ draft }) => draft.choice.mapping), { type: scalarType('text'), convert: 'auto' }];
}

/** No value is turned away that was not before, and a column that numbers itself stays a number. */
function holds(mapping: TypeMapping, { table, draft }: Member): boolean {
  if (draft.column.identity) return mapping.type.name === 'bigint';
  const converted = mappingFor(mapping, draft);
  return countContradictions(converted, draft.profile, table.typeOptions) <= draft.choice.expectedRejects;
}

/** A member of the type already keeps its own way to read its values. */
function mappingFor(mapping: TypeMapping, draft: ColumnDraft): TypeMapping {
  return { type: mapping.type, convert: draft.choice.mapping.type.name === mapping.type.name ? draft.choice.mapping.convert : 'auto' };
}

function impose(mapping: TypeMapping, group: readonly Member[], remarks: Remarks): void {
  for (const { table, draft } of group) {
    const before = draft.choice.type;
    const choice = imposeType(draft.column, draft.profile, table.typeOptions, mappingFor(mapping, draft));
    if (choice.type === before) continue;
    draft.choice = {
      ...choice,
      evidence: `${choice.evidence}; ${choice.type} instead of ${before}, as the columns it is compared with by foreign keys`,
    };
    remarks.note(
      `Column ${draft.column.name} is ${choice.type} instead of ${before}, because a foreign key compares it with a column of that type.`,
      table.table.name,
    );
  }
}
