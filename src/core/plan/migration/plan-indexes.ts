import { translateCondition, translateExpression, type PredicateColumns } from '../../mapping/translate-predicate.ts';
import { planVectorIndex } from '../../mapping/vector-indexes.ts';
import type { CatalogIndex, CatalogIndexPart } from '../../model/catalog.ts';
import { foldedExpression, largestKey, maxKeyBytes } from './key-columns.ts';
import type { PlanIndexInput } from './plan-keys.ts';
import type { Remarks } from './remarks.ts';
import { findColumn, type ColumnDraft, type TableDraft } from './table-draft.ts';

/** Indexes of the source under the given names (by their own), then an HNSW index for each vector column. */
export function planIndexes(draft: TableDraft, nameOf: ReadonlyMap<CatalogIndex, string>, remarks: Remarks): readonly PlanIndexInput[] {
  const carried = draft.table.indexes.flatMap((index) => {
    const planned = planIndex(draft, index, nameOf.get(index) ?? index.name, remarks);
    if (typeof planned !== 'string') return [planned];
    remarks.warn('dropped-index', `Index ${index.name} is not carried over: ${planned}.`, draft.table.name);
    return [];
  });
  return [...carried, ...draft.columns.flatMap((column) => vectorIndex(draft, column, remarks))];
}

/** How expressions name the columns of a table; a column that compares without case is none that both databases compare alike. */
export function predicateColumns(draft: TableDraft): PredicateColumns {
  return (name) => {
    const found = findColumn(draft, name);
    if (found === null) return null;
    const collation = found.column.collation?.toUpperCase() ?? 'BINARY';
    const converted = found.choice.convert !== null;
    return { to: found.to, type: converted || collation !== 'BINARY' ? 'other' : found.choice.mapping.type.name };
  };
}

/** The index, or why there is none. */
function planIndex(draft: TableDraft, index: CatalogIndex, name: string, remarks: Remarks): PlanIndexInput | string {
  const columns = predicateColumns(draft);
  const where = index.where === null ? null : translateCondition(index.where, columns);
  if (index.where !== null && where === null) return `its condition (${index.where}) is not plain enough to mean the same in PostgreSQL`;
  const parts = planParts(draft, index.parts, columns);
  if (typeof parts === 'string') return parts;
  const size = largestKey(parts.columns.map(({ column }) => column));
  if (size > maxKeyBytes) return oversized(index, parts, name, size, where, draft, remarks);
  return { name, ...indexedColumns(parts), ...(where === null ? {} : { where }), ...(index.unique ? { unique: true } : {}) };
}

interface IndexParts {
  readonly columns: readonly { readonly column: ColumnDraft; readonly descending: boolean }[];
  readonly expression: string | null;
}

/** A plan's index has columns and at most one expression, which comes last; the order matters only to an index that is not unique. */
function planParts(draft: TableDraft, parts: readonly CatalogIndexPart[], columns: PredicateColumns): IndexParts | string {
  const plain: IndexParts['columns'][number][] = [];
  let expression: string | null = null;
  for (const part of parts) {
    const column = part.column === null ? null : findColumn(draft, part.column);
    if (column?.choice.mapping.type.name === 'vector') return `${column.column.name} is a vector now and gets an index for vectors`;
    const folded = column === null ? translatePart(part, columns) : foldedExpression(column, part.collation);
    if (column !== null && folded === null) {
      if (expression !== null) return 'an expression stands before a column';
      plain.push({ column, descending: part.descending });
      continue;
    }
    if (folded === null) return `its expression ${part.expression ?? part.column ?? ''} is not plain enough to mean the same in PostgreSQL`;
    if (expression !== null || part.descending) return 'it has more than one expression, or one in descending order';
    expression = folded;
  }
  return { columns: plain, expression };
}

function translatePart(part: CatalogIndexPart, columns: PredicateColumns): string | null {
  return part.expression === null ? null : translateExpression(part.expression, columns);
}

function indexedColumns({ columns, expression }: IndexParts): Pick<PlanIndexInput, 'columns' | 'expression'> {
  const listed = columns.map(({ column, descending }) => (descending ? { column: column.to, descending } : column.to));
  return { ...(listed.length === 0 ? {} : { columns: listed }), ...(expression === null ? {} : { expression }) };
}

/** Long values fit no btree; one column that is only looked up by equality can have a hash index (S46). */
function oversized(
  index: CatalogIndex,
  parts: IndexParts,
  name: string,
  size: number,
  where: string | null,
  draft: TableDraft,
  remarks: Remarks,
): PlanIndexInput | string {
  const reason = `its values have up to ${size} bytes and a PostgreSQL btree entry holds about ${maxKeyBytes}`;
  const [only] = parts.columns;
  if (index.unique || only === undefined || parts.columns.length > 1 || parts.expression !== null) return reason;
  remarks.warn('hash-index', `Index ${index.name} becomes a hash index, which serves equality only: ${reason}.`, draft.table.name);
  return { name, columns: [only.column.to], method: 'hash', ...(where === null ? {} : { where }) };
}

function vectorIndex(draft: TableDraft, { to, choice }: ColumnDraft, remarks: Remarks): readonly PlanIndexInput[] {
  const dimensions = choice.mapping.type.name === 'vector' ? choice.mapping.type.modifiers[0] : undefined;
  if (dimensions === undefined) return [];
  const { index, note } = planVectorIndex(to, dimensions);
  if (note !== null) remarks.warn('no-vector-index', note, draft.table.name);
  return index === null ? [] : [{ ...index, columns: [...index.columns] }];
}
