import { translateCondition } from '../../mapping/expressions/translate-expression.ts';
import { vectorFacts } from '../../mapping/describe-vectors.ts';
import { vectorLengths } from '../../mapping/detect-vector.ts';
import { planPartialIndex, planVectorIndex, type VectorIndexPlan } from '../../mapping/vector-indexes.ts';
import type { CatalogIndex } from '../../model/catalog.ts';
import type { VectorIndexFacts } from '../../model/index-advice.ts';
import { expressionColumns } from './expression-columns.ts';
import { largestEntry, planPart, shortened, writtenParts, type IndexPart } from './index-parts.ts';
import { maxIndexColumns, maxKeyBytes } from './key-columns.ts';
import type { PlanIndexInput } from './plan-keys.ts';
import type { Remarks } from './remarks.ts';
import type { ColumnDraft, TableDraft } from './table-draft.ts';

/** Indexes of the source under the given names (by their own), then an HNSW index for each vector column or an expression of it. */
export function planIndexes(draft: TableDraft, nameOf: ReadonlyMap<CatalogIndex, string>, remarks: Remarks): readonly PlanIndexInput[] {
  const carried = draft.table.indexes.flatMap((index) => {
    const planned = planIndex(draft, index, nameOf.get(index) ?? index.name, remarks);
    if (typeof planned !== 'string') return [planned];
    remarks.warn('dropped-index', `Index ${index.name} is not carried over: ${planned}.`, draft.table.name);
    return [];
  });
  return [...carried, ...draft.columns.flatMap((column) => vectorIndex(draft, column, remarks))];
}

/** The index, or why there is none. */
function planIndex(draft: TableDraft, index: CatalogIndex, name: string, remarks: Remarks): PlanIndexInput | string {
  if (index.parts.length > maxIndexColumns) return `it has ${index.parts.length} columns and PostgreSQL allows ${maxIndexColumns}`;
  const where = index.where === null ? null : translateCondition(index.where, expressionColumns(draft), 'unique-index');
  if (where !== null && 'refused' in where) return `its condition (${index.where}) has no counterpart: ${where.refused}`;
  const parts: IndexPart[] = [];
  for (const part of index.parts) {
    const planned = planPart(draft, part, index.unique);
    if (typeof planned === 'string') return planned;
    parts.push(planned);
  }
  const rest = { ...(where === null ? {} : { where: where.sql }), ...(index.unique ? { unique: true } : {}) };
  if (largestEntry(parts) > maxKeyBytes) return { name, ...oversized(draft, index, parts, remarks), ...rest };
  return { name, ...writtenParts(parts), ...rest };
}

/** Long values fit no btree (S46): one column that is only looked up by equality gets a hash index, several are cut or summed up. */
function oversized(
  draft: TableDraft,
  index: CatalogIndex,
  parts: readonly IndexPart[],
  remarks: Remarks,
): Pick<PlanIndexInput, 'columns' | 'expression' | 'method'> {
  const reason = `its values have up to ${largestEntry(parts)} bytes and a PostgreSQL btree entry holds about ${maxKeyBytes}`;
  const [only] = parts;
  const table = draft.table.name;
  if (!index.unique && only !== undefined && parts.length === 1) {
    remarks.warn('hash-index', `Index ${index.name} becomes a hash index, which serves equality only: ${reason}.`, table);
    return { ...writtenParts([{ ...only, descending: false }]), method: 'hash' };
  }
  const short = shortened(parts, index.unique);
  const said = short.flatMap(({ expression }, i) => (expression === parts[i]?.expression ? [] : [expression])).join(', ');
  remarks.warn(index.unique ? 'hashed-unique' : 'short-index', `Index ${index.name} is made over ${said}: ${reason}.`, table);
  return writtenParts(short);
}

function vectorIndex(draft: TableDraft, column: ColumnDraft, remarks: Remarks): readonly PlanIndexInput[] {
  const { choice, profile } = column;
  const { type } = choice.mapping;
  const isBits = type.name === 'bit' && choice.mapping.convert === 'packed-bits-low';
  if ((type.name !== 'vector' && type.name !== 'halfvec' && !isBits) || type.arrayDepth > 0) return [];
  const [dimensions] = type.modifiers;
  if (dimensions === undefined) return partialIndexes(draft, column);
  const planned = planVectorIndex(indexFacts(draft, column, dimensions, profile.rows - profile.nulls));
  if (planned === null) return [];
  const { index, remark } = planned;
  if (remark !== null) remarks.warn(remark.code, remark.message, draft.table.name);
  return [written(index)];
}

/** V04: for each of the dimensions that the column mixes. */
function partialIndexes(draft: TableDraft, column: ColumnDraft): readonly PlanIndexInput[] {
  const lengths = vectorLengths(column.profile, column.choice.mapping.convert);
  return lengths.flatMap(([dimensions, values]) => {
    const index = planPartialIndex(indexFacts(draft, column, dimensions, values));
    return index === null ? [] : [written(index)];
  });
}

/** Norms of a sample are a guess, and an operator class is not chosen by a guess. */
function indexFacts(
  { table, typeOptions }: TableDraft,
  { column, to, choice, profile }: ColumnDraft,
  dimensions: number,
  values: number,
): VectorIndexFacts {
  const seen = vectorFacts(choice.mapping, profile);
  const share = profile.rows === 0 ? 1 : values / profile.rows;
  const norms = typeOptions.sample !== null || seen === null ? null : { zero: seen.zero, unit: seen.unit };
  return {
    column: to,
    type: kindOf(choice.mapping.type.name),
    dimensions,
    vectors: Math.round((table.rows ?? profile.rows) * share),
    norms,
    duplicates: null,
    metric: column.metric ?? null,
    server: null,
  };
}

function written({ columns, expression, where, method, opclass, with: options, evidence }: VectorIndexPlan): PlanIndexInput {
  return {
    ...(expression === null ? { columns: [...columns] } : { expression }),
    ...(where === null ? {} : { where }),
    method,
    opclass,
    with: options,
    evidence,
  };
}

function kindOf(type: string): VectorIndexFacts['type'] {
  return type === 'halfvec' || type === 'bit' ? type : 'vector';
}
