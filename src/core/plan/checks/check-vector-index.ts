import { isBuiltInType, tryParsePgType } from '../../sql/pg-type.ts';
import { vectorTypes } from '../../sql/type-names.ts';
import { maxIndexDimensions, vectorOpclasses } from '../../sql/vector-limits.ts';
import { indexedColumn } from '../indexed-column.ts';
import { errorAt, type FoundProblem } from '../plan-problem.ts';
import type { PlanIndex } from '../plan-schema.ts';
import type { PlannedTable } from '../planned-table.ts';
import { vectorIndexParts, type VectorIndexPart } from '../vector-index-parts.ts';

type Path = FoundProblem['path'];
type Method = keyof typeof vectorOpclasses;

/** What pgvector refuses of an index for neighbours, which would else fail after hours of loading. */
export function checkVectorIndex(table: PlannedTable, index: PlanIndex, method: Method, path: Path): readonly FoundProblem[] {
  const noOpclass = index.opclass === null && !index.columns.some((column) => typeof column !== 'string' && column.opclass !== undefined);
  if (noOpclass) return [errorAt(`An ${method} index needs an "opclass", for example ${exampleOpclass(table, index)}.`, path)];
  const parts = vectorIndexParts(table.body.columns, index);
  return [
    ...checkShape(index, method, path),
    ...checkColumns(table, index, method, path),
    ...parts.flatMap((part) => checkPart(table, part, method, path)),
    ...checkWith(index, method, path),
  ];
}

function exampleOpclass(table: PlannedTable, index: PlanIndex): string {
  const type = vectorIndexParts(table.body.columns, index)[0]?.type ?? 'vector';
  return vectorOpclasses.hnsw[type]?.[0] ?? 'vector_cosine_ops';
}

function checkShape(index: PlanIndex, method: Method, path: Path): readonly FoundProblem[] {
  const parts = index.columns.length + (index.expression === null ? 0 : 1);
  return [
    ...(index.unique ? [errorAt(`An ${method} index cannot be unique.`, [...path, 'unique'])] : []),
    ...(parts > 1 ? [errorAt(`An ${method} index has one column or one expression; this one has ${parts}.`, path)] : []),
  ];
}

/** A column of another built-in type; of types that are not known here, pgvector may have operator classes. */
function checkColumns(table: PlannedTable, index: PlanIndex, method: Method, path: Path): readonly FoundProblem[] {
  return index.columns.flatMap((part, i): readonly FoundProblem[] => {
    const name = indexedColumn(part);
    const text = table.body.columns.find(({ to }) => to === name)?.type;
    const type = text === undefined ? null : tryParsePgType(text);
    if (name === null || type === null || !(isBuiltInType(type) || type.arrayDepth > 0) || (type.name === 'bit' && type.arrayDepth === 0))
      return [];
    return [errorAt(`"${name}" is ${String(text)}, and an ${method} index is for vectors.`, [...path, 'columns', i])];
  });
}

function checkPart(table: PlannedTable, part: VectorIndexPart, method: Method, path: Path): readonly FoundProblem[] {
  const at = [...path, ...part.at];
  return [...checkExpression(table, part, at), ...checkDimensions(part, at), ...checkOpclass(part, method, [...path, ...part.opclassAt])];
}

/** The column of an expression, and that it has as many elements as the expression says. */
function checkExpression(
  table: PlannedTable,
  { expression, column, columnType, type }: VectorIndexPart,
  at: Path,
): readonly FoundProblem[] {
  if (expression === null) return [];
  if (!table.body.columns.some(({ to }) => to === column)) return [errorAt(`${table.label} has no column "${column}".`, at)];
  if (columnType === null || !vectorTypes.has(columnType.name))
    return [errorAt(`"${column}" is no vector, so ${formName(expression)} cannot be made of it.`, at)];
  const { dimensions, form, start } = expression;
  if (dimensions === null) {
    const example = type === 'bit' ? `::bit(${columnType.modifiers[0] ?? 'n'})` : `::${type}(n)`;
    return [errorAt(`pgvector indexes only expressions that say how many dimensions they have: end it with ${example}.`, at)];
  }
  const whole = columnType.modifiers[0];
  if (whole === undefined) return [];
  if (form === 'subvector' && start + dimensions - 1 > whole)
    return [errorAt(`"${column}" has ${whole} dimensions, so it has no ${dimensions} from number ${start} on.`, at)];
  return form !== 'subvector' && dimensions !== whole
    ? [errorAt(`"${column}" has ${whole} dimensions, so the expression must say ${type}(${whole}), not ${type}(${dimensions}).`, at)]
    : [];
}

function formName(expression: NonNullable<VectorIndexPart['expression']>): string {
  return { halfvec: 'half precision', binary: 'binary quantisation', subvector: 'a subvector' }[expression.form];
}

function checkDimensions({ type, dimensions, column, expression }: VectorIndexPart, at: Path): readonly FoundProblem[] {
  if (dimensions === null && expression === null && vectorTypes.has(type))
    return [
      errorAt(
        `"${column}" has no fixed dimensions, and an index needs them: index ("${column}"::${type}(n)) for each n, with "where": "vector_dims(\\"${column}\\") = n".`,
        at,
      ),
    ];
  const limit = type in maxIndexDimensions ? maxIndexDimensions[type as keyof typeof maxIndexDimensions] : undefined;
  if (limit === undefined || dimensions === null || dimensions <= limit) return [];
  const what = expression === null ? `"${column}" has ${dimensions}` : `this expression has ${dimensions}`;
  return [errorAt(`pgvector indexes ${type} up to ${limit} dimensions and ${what}: ${advice(dimensions)}, or leave the index out.`, at)];
}

function advice(dimensions: number): string {
  return dimensions <= maxIndexDimensions.halfvec
    ? `index half precision, (column)::halfvec(${dimensions}) with halfvec_cosine_ops`
    : `index the signs of its elements, binary_quantize(column)::bit(${dimensions}) with bit_hamming_ops`;
}

/** An operator class that pgvector has for another type, or not for this method. Of others nothing is known. */
function checkOpclass({ type, opclass }: VectorIndexPart, method: Method, at: Path): readonly FoundProblem[] {
  if (opclass === null || !Object.values(vectorOpclasses.hnsw).some((names) => names.includes(opclass))) return [];
  const fitting = vectorOpclasses[method][type] ?? [];
  if (fitting.includes(opclass)) return [];
  const choice = fitting.length === 0 ? `and it has none of them for ${type}` : `${type} takes ${fitting.join(', ')}`;
  return [errorAt(`pgvector's ${method} index of ${type} does not take ${opclass}: ${choice}.`, at)];
}

/** https://github.com/pgvector/pgvector#index-options */
const optionRanges: Readonly<Record<Method, Readonly<Record<string, readonly [least: number, most: number]>>>> = {
  hnsw: { m: [2, 100], ef_construction: [4, 1_000] },
  ivfflat: { lists: [1, 32_768] },
};

function checkWith(index: PlanIndex, method: Method, path: Path): readonly FoundProblem[] {
  const ranges = optionRanges[method];
  const problems = Object.entries(index.with).flatMap(([name, value]): readonly FoundProblem[] => {
    const at = [...path, 'with', name];
    const range = ranges[name];
    if (range === undefined)
      return [errorAt(`An ${method} index has no option "${name}"; it has ${Object.keys(ranges).join(' and ')}.`, at)];
    if (name === 'lists' && value === 'auto') return [];
    const number = Number(value);
    const auto = name === 'lists' ? ', or "auto"' : '';
    return Number.isInteger(number) && number >= range[0] && number <= range[1]
      ? []
      : [errorAt(`"${name}" is a whole number from ${range[0]} to ${range[1]}${auto}.`, at)];
  });
  const { m = 16, ef_construction: effort = 64 } = index.with;
  const tooLittle = method === 'hnsw' && problems.length === 0 && Number(effort) < 2 * Number(m);
  return tooLittle ? [errorAt('"ef_construction" must be at least twice "m".', [...path, 'with'])] : problems;
}
