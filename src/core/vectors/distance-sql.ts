import type { VectorMetric } from '../model/neighbours.ts';
import { qualifiedName, quoteIdentifier } from '../sql/quote.ts';
import { vectorExpressionSql, type VectorExpression } from '../sql/vector-expression.ts';
import type { VectorColumn } from './vector-column.ts';
import { metricOperators } from './vector-metric.ts';

type VectorPlace = Pick<VectorColumn, 'vectorSchema'>;

/** `a` and `b` are SQL of one vector type. pgvector's operator is named with its schema where the search path could lead elsewhere. */
export function distanceSql(column: VectorPlace, metric: VectorMetric, a: string, b: string): string {
  return `${a} ${operatorCall(column, metricOperators[metric])} ${b}`;
}

/** `similarityOf` of the distance, as SQL of type float8. */
export function similaritySql(column: VectorPlace, metric: VectorMetric, a: string, b: string): string {
  const distance = `(${distanceSql(column, metric, a, b)})`;
  if (metric === 'ip') return `(0 - ${distance})`;
  return metric === 'cosine' ? `(1 - ${distance})` : `(1 / (1 + ${distance}))`;
}

/** What an index on an expression orders by, as the index was made, so that the planner finds it. `query`: SQL of the column's type. */
export function candidateDistanceSql(column: VectorPlace, expression: VectorExpression, metric: VectorMetric, query: string): string {
  const schema = column.vectorSchema === 'public' ? null : column.vectorSchema;
  const indexed = `(${vectorExpressionSql(expression, schema)})`;
  const { form, type, dimensions, start } = expression;
  const cast = `::${schema === null ? type : qualifiedName(schema, type)}(${String(dimensions)})`;
  if (form === 'binary') return `${indexed} ${operatorCall(column, '<~>')} ${vectorFunction(column, 'binary_quantize')}(${query})`;
  const other =
    form === 'halfvec' ? `(${query})${cast}` : `${vectorFunction(column, 'subvector')}(${query}, ${start}, ${String(dimensions)})${cast}`;
  return `${indexed} ${operatorCall(column, metricOperators[metric])} ${other}`;
}

export function vectorFunction(column: VectorPlace, name: string): string {
  return qualifiedName(column.vectorSchema === 'public' ? null : column.vectorSchema, name);
}

function operatorCall(column: VectorPlace, operator: string): string {
  return column.vectorSchema === 'public' ? operator : `OPERATOR(${quoteIdentifier(column.vectorSchema)}.${operator})`;
}
