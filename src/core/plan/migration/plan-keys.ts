import { countEmptyAsNull } from '../../mapping/contradictions.ts';
import { plural } from '../../model/plural.ts';
import type { PlanInput } from '../plan-schema.ts';
import { shortened, writtenParts, type IndexPart } from './index-parts.ts';
import { foldedExpression, largestKey, maxIndexColumns, maxKeyBytes } from './key-columns.ts';
import type { Remarks } from './remarks.ts';
import { findColumns, type ColumnDraft, type TableDraft } from './table-draft.ts';

export type PlanTableInput = PlanInput['tables'][number];
export type PlanIndexInput = NonNullable<PlanTableInput['indexes']>[number];
type PlanUniqueInput = NonNullable<PlanTableInput['uniques']>[number];

/** Keys of one table as the plan writes them. */
export interface PlannedKeys {
  readonly primaryKey: readonly string[];
  readonly uniques: readonly PlanUniqueInput[];
  /** Unique indexes that stand for unique keys which no constraint can express. */
  readonly indexes: readonly PlanIndexInput[];
  /** Column sets (target names) that a foreign key may refer to. */
  readonly referable: readonly (readonly string[])[];
}

/**
 * Primary key and unique keys. A key with NULLs is no primary key in PostgreSQL (S34): the reason is said and the columns stay unique. A unique key that
 * compares without case becomes a unique index on the folded text (S28). `referred`: column lists of this table that foreign keys name.
 */
export function planKeys(draft: TableDraft, referred: readonly (readonly string[])[], remarks: Remarks): PlannedKeys {
  const keys = new KeyList(referred);
  planPrimaryKey(draft, keys, remarks);
  for (const unique of draft.table.uniques) {
    const columns = findColumns(draft, unique.columns);
    if (columns === null)
      remarks.warn(
        'dropped-unique',
        `A unique key over (${unique.columns.join(', ')}) is not carried over: not all of it are columns.`,
        draft.table.name,
      );
    else planUnique(draft, { columns, collations: unique.collations, name: unique.name }, keys, remarks);
  }
  for (const columns of uniqueIndexes(draft)) keys.referable.push(columns);
  return { primaryKey: keys.primaryKey, uniques: keys.uniques, indexes: keys.indexes, referable: keys.referable };
}

/** Columns of the unique indexes that hold for every row and compare exactly: keys to refer to as well. */
function uniqueIndexes(draft: TableDraft): readonly (readonly string[])[] {
  return draft.table.indexes.flatMap(({ unique, where, parts }) => {
    const names = parts.flatMap(({ column, collation }) => (column === null || collation !== null ? [] : [column]));
    const columns = unique && where === null && names.length === parts.length ? findColumns(draft, names) : null;
    return columns === null || largestKey(columns) > maxKeyBytes ? [] : [columns.map(({ to }) => to)];
  });
}

class KeyList {
  readonly referred: readonly (readonly string[])[];
  primaryKey: readonly string[] = [];
  readonly uniques: PlanUniqueInput[] = [];
  readonly indexes: PlanIndexInput[] = [];
  readonly referable: (readonly string[])[] = [];

  constructor(referred: readonly (readonly string[])[]) {
    this.referred = referred;
  }
}

interface UniqueDraft {
  readonly columns: readonly ColumnDraft[];
  readonly collations: readonly (string | null)[];
  readonly name: string | null;
}

function planPrimaryKey(draft: TableDraft, keys: KeyList, remarks: Remarks): void {
  const names = draft.table.primaryKey;
  if (names.length === 0) {
    remarks.note('has no primary key; its rows are compared as a whole.', draft.table.name);
    return;
  }
  const columns = findColumns(draft, names) ?? [];
  const asUnique = { columns, collations: columns.map(({ column }) => column.collation), name: null };
  const withNulls = columns.find((column) => countNulls(column, draft) > 0);
  if (withNulls !== undefined) {
    const message = `(${names.join(', ')}) cannot be the primary key: ${plural(countNulls(withNulls, draft), `value of ${withNulls.column.name} is NULL or becomes NULL`, `values of ${withNulls.column.name} are NULL or become NULL`)}. It stays unique.`;
    remarks.warn('primary-key-refused', message, draft.table.name);
    planUnique(draft, asUnique, keys, remarks);
    return;
  }
  if (columns.length > maxIndexColumns || largestKey(columns) > maxKeyBytes) {
    planUnique(draft, asUnique, keys, remarks);
    return;
  }
  keys.primaryKey = columns.map(({ to }) => to);
  keys.referable.push(keys.primaryKey);
  // The primary key compares bytes; what SQLite holds equal beyond that gets an index of its own.
  if (columns.some((column) => foldedExpression(column, column.column.collation) !== null)) planFolded(draft, asUnique, keys, remarks);
}

/** NULLs that the column will hold. */
function countNulls({ profile, choice }: ColumnDraft, draft: TableDraft): number {
  return profile.nulls + countEmptyAsNull(choice.mapping.type, profile, draft.typeOptions);
}

function planUnique(draft: TableDraft, unique: UniqueDraft, keys: KeyList, remarks: Remarks): void {
  if (unique.columns.length > maxIndexColumns) {
    const message = `A key over ${unique.columns.length} columns is not carried over: PostgreSQL allows ${maxIndexColumns}.`;
    remarks.warn('dropped-unique', message, draft.table.name);
    return;
  }
  const columns = unique.columns.map(({ to }) => to);
  if (largestKey(unique.columns) > maxKeyBytes) {
    planHashed(draft, unique, keys, remarks);
    return;
  }
  const folds = unique.columns.some((column, i) => foldedExpression(column, unique.collations[i]) !== null);
  if (folds) planFolded(draft, unique, keys, remarks);
  if (folds && !isReferred(unique, keys)) return;
  keys.uniques.push(unique.name === null ? columns : { name: unique.name, columns });
  keys.referable.push(columns);
}

/** Only a plain unique key can be referred to, so it stays beside the folded index. */
function isReferred({ columns }: UniqueDraft, keys: KeyList): boolean {
  const names = new Set(columns.map(({ column }) => column.name));
  return keys.referred.some((referred) => referred.length === names.size && referred.every((name) => names.has(name)));
}

/** The key as a unique index over the folded text of each column that does not tell upper from lower case (S28). */
function planFolded(draft: TableDraft, unique: UniqueDraft, keys: KeyList, remarks: Remarks): void {
  const parts = partsOf(unique);
  keys.indexes.push({ ...writtenParts(parts), unique: true });
  const names = unique.columns.map(({ column }) => column.name).join(', ');
  remarks.note(
    `The key over (${names}) does not tell upper from lower case (or trailing blanks); it is kept by a unique index on ${parts.flatMap(({ expression }) => expression ?? []).join(', ')}.`,
    draft.table.name,
  );
}

function partsOf({ columns, collations }: UniqueDraft): readonly IndexPart[] {
  return columns.map((column, i) => ({ expression: foldedExpression(column, collations[i]), columns: [column], descending: false }));
}

/** Values too long for a btree stay unique by their sums (S46). */
function planHashed(draft: TableDraft, unique: UniqueDraft, keys: KeyList, remarks: Remarks): void {
  const names = unique.columns.map(({ column }) => column.name).join(', ');
  const size = `its values have up to ${largestKey(unique.columns)} bytes and a PostgreSQL index entry holds about ${maxKeyBytes}`;
  const parts = shortened(partsOf(unique), true);
  keys.indexes.push({ ...writtenParts(parts), unique: true });
  remarks.warn('hashed-unique', `The key (${names}) is kept unique by an index on the MD5 sum of what is long: ${size}.`, draft.table.name);
}
