import type { IndexAdvice, VectorIndexFacts } from '../model/index-advice.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { maxIndexDimensions } from '../sql/vector-limits.ts';
import { adviseIndex } from './advise-index.ts';
import { count, describeAdvice, megabytes } from './advice-words.ts';

/** An index of a plan on one vector column: on the column itself, or on an expression of it. */
export interface VectorIndexPlan {
  readonly columns: readonly string[];
  readonly expression: string | null;
  readonly where: string | null;
  readonly method: 'hnsw';
  readonly opclass: string;
  readonly with: { readonly m: number; readonly ef_construction: number };
  /** Why this one, and what it takes. */
  readonly evidence: string;
}

export interface PlannedVectorIndex {
  readonly index: VectorIndexPlan;
  /** What pgvector refused, what was taken instead and what else there is; null where the column itself is indexed. */
  readonly remark: { readonly code: 'halfvec-index' | 'binary-index'; readonly message: string } | null;
}

const build = { m: 16, ef_construction: 64 } as const;

/**
 * HNSW as the advisor would have it for as many rows as make an index worth while: on the column up to 2,000 dimensions, on its half precision up to 4,000,
 * on the signs of its elements above that (docs/adr/0025, 0042). Few rows get it as well, and are told that they need none yet: a prototype grows, and HNSW
 * needs no rows to begin with. null: pgvector has no index for it.
 */
export function planVectorIndex(facts: VectorIndexFacts): PlannedVectorIndex | null {
  const advice = adviseIndex(facts);
  if (advice.index === null) return null;
  const { form, on, opclass } = advice.index;
  const { column } = facts;
  const isPlain = form === 'column';
  const index: VectorIndexPlan = {
    columns: isPlain ? [column] : [],
    expression: isPlain ? null : on,
    where: null,
    method: 'hnsw',
    opclass,
    with: build,
    evidence: evidenceOf(advice),
  };
  if (isPlain) return { index, remark: null };
  const code = form === 'halfvec' ? 'halfvec-index' : 'binary-index';
  return { index, remark: { code, message: (form === 'halfvec' ? halfvecRemark : binaryRemark)(facts, on, advice) } };
}

/** V04: one column with vectors of several models gets a partial index for each of their dimensions. null: too long for one. */
export function planPartialIndex(facts: VectorIndexFacts): VectorIndexPlan | null {
  const { column, dimensions } = facts;
  if (dimensions > maxIndexDimensions.halfvec) return null;
  const type = dimensions <= maxIndexDimensions.vector ? 'vector' : 'halfvec';
  const quoted = quoteIdentifier(column);
  const metric = adviseIndex({ ...facts, norms: null }).metric;
  return {
    columns: [],
    expression: `${quoted}::${type}(${dimensions})`,
    where: `vector_dims(${quoted}) = ${dimensions}`,
    method: 'hnsw',
    opclass: `${type}_${metric}_ops`,
    with: build,
    evidence: `For the ${count(facts.vectors)} vectors of ${count(dimensions)} dimensions; a search uses it with WHERE vector_dims(${quoted}) = ${dimensions} ORDER BY (${quoted}::${type}(${dimensions})) <=> query::${type}(${dimensions}).`,
  };
}

function evidenceOf(advice: IndexAdvice): string {
  const told = describeAdvice(advice);
  return advice.method === 'none' ? `${told} It is proposed for the rows to come; it can be left out until then.` : told;
}

function halfvecRemark({ column, dimensions, vectors }: VectorIndexFacts, expression: string, advice: IndexAdvice): string {
  const operator = advice.metric === 'ip' ? '<#>' : '<=>';
  return [
    `pgvector indexes vector columns up to ${count(maxIndexDimensions.vector)} dimensions and ${column} has ${count(dimensions)}: it gets an HNSW index on ${expression}${size(advice, vectors)}.`,
    `A search uses it when it is ordered by (${expression}) ${operator} (query)::halfvec(${dimensions}); the column keeps its full precision.`,
    `Without the index a search reads ${allRows(vectors, dimensions)}.`,
  ].join(' ');
}

function binaryRemark({ column, dimensions, vectors }: VectorIndexFacts, expression: string, advice: IndexAdvice): string {
  return [
    `pgvector indexes vector up to ${count(maxIndexDimensions.vector)} dimensions and halfvec up to ${count(maxIndexDimensions.halfvec)}, and ${column} has ${count(dimensions)}: it gets an HNSW index on the signs of its elements, ${expression}${size(advice, vectors)}.`,
    `It only finds candidates: a search takes some of them by (${expression}) <~> binary_quantize(query) and orders those by ${column} <=> query, as sluice neighbours does.`,
    `How many of the true neighbours are found depends on the data and on how many candidates are taken; docs/vectors.md has measurements, sluice neighbours --recall measures yours.`,
    `Instead: leave the index out, and each search reads ${allRows(vectors, dimensions)} and misses nothing; or index the first elements with subvector(${column}, 1, n)::vector(n), if the model was trained so that they suffice.`,
  ].join(' ');
}

/** ", about 12 MB in all": what pgvector writes for each row, rounded to two digits. */
function size({ estimate }: IndexAdvice, rows: number): string {
  return estimate === null || rows === 0
    ? ''
    : `, about ${megabytes(estimate.indexBytes)} for ${count(rows)} rows`.replace('about less', 'less');
}

function allRows(rows: number, dimensions: number): string {
  return rows === 0 ? 'all rows' : `all ${count(rows)} rows (${megabytes(rows * dimensions * 4)} of vectors)`;
}
