import { maxIndexDimensions } from '../sql/vector-limits.ts';
import { vectorExpressionSql } from '../sql/vector-expression.ts';
import { vectorIndexEntryBytes } from './vector-index-size.ts';

/** An index of a plan on one vector column: on the column itself, or on an expression of it. */
export interface VectorIndexPlan {
  readonly columns: readonly string[];
  readonly expression: string | null;
  readonly method: 'hnsw';
  readonly opclass: 'vector_cosine_ops' | 'halfvec_cosine_ops' | 'bit_hamming_ops';
  readonly with: { readonly m: number; readonly ef_construction: number };
}

export interface PlannedVectorIndex {
  readonly index: VectorIndexPlan;
  /** What pgvector refused, what was taken instead and what else there is; null where the column itself is indexed. */
  readonly remark: { readonly code: 'halfvec-index' | 'binary-index'; readonly message: string } | null;
}

/**
 * HNSW for cosine distance with pgvector's own defaults: on the column up to 2,000 dimensions, on its half precision up to 4,000, on the signs of its
 * elements above that (docs/adr/0025). `rows`: null when nobody counted.
 */
export function planVectorIndex(column: string, dimensions: number, rows: number | null): PlannedVectorIndex {
  const build = { method: 'hnsw', with: { m: 16, ef_construction: 64 } } as const;
  if (dimensions <= maxIndexDimensions.vector)
    return { index: { columns: [column], expression: null, opclass: 'vector_cosine_ops', ...build }, remark: null };
  if (dimensions <= maxIndexDimensions.halfvec) {
    const expression = vectorExpressionSql({ form: 'halfvec', column, type: 'halfvec', dimensions, start: 1 }, null);
    return {
      index: { columns: [], expression, opclass: 'halfvec_cosine_ops', ...build },
      remark: { code: 'halfvec-index', message: halfvecRemark(column, dimensions, expression, rows) },
    };
  }
  const expression = vectorExpressionSql({ form: 'binary', column, type: 'bit', dimensions, start: 1 }, null);
  return {
    index: { columns: [], expression, opclass: 'bit_hamming_ops', ...build },
    remark: { code: 'binary-index', message: binaryRemark(column, dimensions, expression, rows) },
  };
}

function halfvecRemark(column: string, dimensions: number, expression: string, rows: number | null): string {
  return [
    `pgvector indexes vector columns up to ${count(maxIndexDimensions.vector)} dimensions and ${column} has ${count(dimensions)}: it gets an HNSW index on ${expression}${size('halfvec', dimensions, rows)}.`,
    `A search uses it when it is ordered by (${expression}) <=> (query)::halfvec(${dimensions}); the column keeps its full precision.`,
    `Without the index a search reads ${allRows(rows, dimensions)}.`,
  ].join(' ');
}

function binaryRemark(column: string, dimensions: number, expression: string, rows: number | null): string {
  return [
    `pgvector indexes vector up to ${count(maxIndexDimensions.vector)} dimensions and halfvec up to ${count(maxIndexDimensions.halfvec)}, and ${column} has ${count(dimensions)}: it gets an HNSW index on the signs of its elements, ${expression}${size('bit', dimensions, rows)}.`,
    `It only finds candidates: a search takes some of them by (${expression}) <~> binary_quantize(query) and orders those by ${column} <=> query, as sluice neighbours does.`,
    `How many of the true neighbours are found depends on the data and on how many candidates are taken; docs/vectors.md has measurements, sluice neighbours --recall measures yours.`,
    `Instead: leave the index out, and each search reads ${allRows(rows, dimensions)} and misses nothing; or index the first elements with subvector(${column}, 1, n)::vector(n), if the model was trained so that they suffice.`,
  ].join(' ');
}

/** ", about 12 MB in all": what pgvector writes for each row, rounded to two digits. */
function size(type: 'halfvec' | 'bit', dimensions: number, rows: number | null): string {
  return rows === null || rows === 0
    ? ''
    : `, ${megabytes(rows * vectorIndexEntryBytes(type, dimensions, 16), 'about ')} for ${count(rows)} rows`;
}

function allRows(rows: number | null, dimensions: number): string {
  return rows === null || rows === 0 ? 'all rows' : `all ${count(rows)} rows (${megabytes(rows * dimensions * 4)} of vectors)`;
}

function megabytes(bytes: number, before = ''): string {
  const value = bytes / 2 ** 20;
  return value < 1 ? 'less than 1 MB' : `${before}${Number(value.toPrecision(2)).toLocaleString('en-US')} MB`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
