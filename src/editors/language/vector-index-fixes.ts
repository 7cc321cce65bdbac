import { findNodeAtLocation, getNodeValue } from 'jsonc-parser';
import { setValues, type TextEdit, type ValueChange } from '../../core/plan/edit/set-values.ts';
import { readVectorExpression, vectorExpressionSql, type VectorExpression } from '../../core/sql/vector-expression.ts';
import { maxIndexDimensions } from '../../core/sql/vector-limits.ts';
import { parsePgType } from '../../core/sql/pg-type.ts';
import { tableOfPath, type PlanOutline } from './plan-outline.ts';

/** Another form of an index that pgvector refuses, as edits. */
export interface VectorIndexFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** Forms of the index at `path` (of the index, not below it) that pgvector takes for as many dimensions as its column has, best first. */
export function vectorIndexFixes(text: string, outline: PlanOutline, path: readonly (string | number)[]): readonly VectorIndexFix[] {
  const node = outline.root === undefined ? undefined : findNodeAtLocation(outline.root, [...path]);
  if (node === undefined) return [];
  const index = getNodeValue(node) as WrittenIndex;
  const column = columnOf(index);
  const dimensions = column === null ? null : dimensionsOf(outline, path, column);
  if (column === null || dimensions === null) return [];
  return formsFor(column, dimensions).map(({ title, expression, suffix }) => {
    const opclass = suffix ?? `${expression.type}_${distanceOf(index)}_ops`;
    return { title, edits: setValues(text, changesOf(path, index, vectorExpressionSql(expression, null), opclass)) };
  });
}

interface WrittenIndex {
  readonly columns?: readonly unknown[];
  readonly expression?: unknown;
  readonly method?: unknown;
  readonly opclass?: unknown;
}

function columnOf(index: WrittenIndex): string | null {
  if (typeof index.expression === 'string') return readVectorExpression(index.expression)?.column ?? null;
  const [first] = index.columns ?? [];
  if (typeof first === 'string') return first;
  const named = (first as { readonly column?: unknown } | undefined)?.column;
  return typeof named === 'string' ? named : null;
}

function dimensionsOf(outline: PlanOutline, path: readonly (string | number)[], column: string): number | null {
  const type = tableOfPath(outline, path)?.columns.find(({ to }) => to === column)?.type;
  try {
    return type === undefined ? null : (parsePgType(type).modifiers[0] ?? null);
  } catch {
    return null;
  }
}

interface Form {
  readonly title: string;
  readonly expression: VectorExpression;
  /** The operator class, where it does not follow from the distance. */
  readonly suffix?: string;
}

/** Elements that a model which was trained for it packs the most of its meaning into. */
const firstElements = 1_024;

function formsFor(column: string, dimensions: number): readonly Form[] {
  const half: Form = {
    title: `Index half precision: halfvec(${dimensions})`,
    expression: { form: 'halfvec', column, type: 'halfvec', dimensions, start: 1 },
  };
  const signs: Form = {
    title: `Index the signs of its elements: binary_quantize, bit(${dimensions})`,
    expression: { form: 'binary', column, type: 'bit', dimensions, start: 1 },
    suffix: 'bit_hamming_ops',
  };
  const first: Form = {
    title: `Index its first ${firstElements} elements: subvector`,
    expression: { form: 'subvector', column, type: 'vector', dimensions: firstElements, start: 1 },
  };
  return [...(dimensions <= maxIndexDimensions.halfvec ? [half] : []), signs, ...(dimensions > firstElements ? [first] : [])];
}

/** cosine, l2, ip or l1; cosine for a class that no vector has. */
function distanceOf({ opclass }: WrittenIndex): string {
  return /_(cosine|l2|ip|l1)_ops$/.exec(String(opclass))?.[1] ?? 'cosine';
}

function changesOf(path: readonly (string | number)[], index: WrittenIndex, expression: string, opclass: string): readonly ValueChange[] {
  return [
    { path: [...path, 'expression'], value: expression, after: 'columns' },
    { path: [...path, 'opclass'], value: opclass, after: 'method' },
    ...(index.columns === undefined ? [] : [{ path: [...path, 'columns'], value: undefined }]),
  ];
}
