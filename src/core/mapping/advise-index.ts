import type { AdvisedIndex, IndexAdvice, IndexEstimate, VectorIndexFacts } from '../model/index-advice.ts';
import type { VectorMetric } from '../model/neighbours.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { vectorExpressionSql } from '../sql/vector-expression.ts';
import { maxIndexDimensions, vectorOpclasses, type IndexedVectorType } from '../sql/vector-limits.ts';
import { buildSpace, count, duration } from './advice-words.ts';
import { estimateIndex, exactScanSeconds } from './estimate-index.ts';
import { recommendedLists } from './ivfflat-lists.ts';

/** A search that reads every row within this time needs no index (seconds). */
const fastEnough = 0.05;
/** Fewer rows give IVFFlat nothing to learn its lists from. */
const fewestForLists = 10_000;
/** Longest build that is still advised without asking for memory first (seconds). */
const longestBuild = 6 * 3600;
const hnswOptions = { m: 16, ef_construction: 64 } as const;
/** pgvector's first versions with HNSW, and with half precision, signs and the L1 distance in an index. */
const [hnswSince, formsSince] = [[0, 5] as const, [0, 7] as const];

/**
 * Which index serves the search for neighbours, if any, and why. An index on half precision or on signs only finds candidates, which are then ranked by the
 * vectors themselves (docs/adr/0025); few rows need none; IVFFlat stands in where HNSW's graph does not fit into the memory of a build.
 */
export function adviseIndex(facts: VectorIndexFacts): IndexAdvice {
  const form = formOf(facts);
  const { metric, reason: metricReason } = chooseMetric(facts);
  const exactSeconds = exactScanSeconds(facts);
  const told = { metric, exactSeconds };
  if (form === null) return { ...told, ...noIndexAtAll(facts) };
  const hnsw = makeIndex(facts, form, 'hnsw', metric);
  const estimate = estimateIndex(facts, hnsw, facts.vectors);
  const common = [...limitReasons(facts, form), ...metricReason, ...oddRows(facts, metric)];
  const exact = `no index: a search reads ${allVectors(facts)} (${about(exactSeconds)}) and misses nothing`;
  const refused = tooOld(facts, form, 'hnsw');
  if (refused !== null) return { ...told, method: 'none', index: null, estimate: null, reasons: [refused, ...common], considered: [] };
  if (exactSeconds <= fastEnough)
    return {
      ...told,
      method: 'none',
      index: hnsw,
      estimate,
      reasons: [
        `No index is needed yet: a search that reads ${allVectors(facts)} takes ${about(exactSeconds)} and misses nothing.`,
        ...common,
      ],
      considered: [{ choice: 'HNSW', reason: `finds most neighbours, not all; worth it from about ${count(rowsFor(facts))} rows on` }],
    };
  const ivfflat = ivfflatInstead(facts, form, metric, estimate);
  if (ivfflat !== null)
    return {
      ...told,
      method: 'ivfflat',
      index: ivfflat,
      estimate: estimateIndex(facts, ivfflat, facts.vectors),
      reasons: [hnswForbidden(facts, estimate), ...common],
      considered: [
        { choice: 'HNSW', reason: `${buildSpace(estimate)}; finds more in less time once it is built` },
        { choice: 'none', reason: exact },
      ],
    };
  return {
    ...told,
    method: 'hnsw',
    index: hnsw,
    estimate,
    reasons: [
      `HNSW finds most neighbours without reading all rows, and takes new rows as they come.`,
      ...common,
      ...memoryReason(facts, estimate),
    ],
    considered: [
      { choice: 'none', reason: exact },
      {
        choice: 'IVFFlat',
        reason: 'is built faster and in less memory, finds less, and must be built anew when the data have changed much',
      },
    ],
  };
}

type Form = AdvisedIndex['form'];

/** null: pgvector indexes it in no form. */
function formOf({ type, dimensions }: VectorIndexFacts): Form | null {
  if (dimensions <= maxIndexDimensions[type]) return 'column';
  if (type === 'vector' && dimensions <= maxIndexDimensions.halfvec) return 'halfvec';
  return type !== 'bit' && dimensions <= maxIndexDimensions.bit ? 'binary' : null;
}

function indexedType({ type }: Pick<VectorIndexFacts, 'type'>, form: Form): IndexedVectorType {
  return form === 'column' ? type : form === 'halfvec' ? 'halfvec' : 'bit';
}

function makeIndex(facts: VectorIndexFacts, form: Form, method: 'hnsw' | 'ivfflat', metric: IndexAdvice['metric']): AdvisedIndex {
  const { column, dimensions } = facts;
  const type = indexedType(facts, form);
  const on = form === 'column' ? quoteIdentifier(column) : vectorExpressionSql({ form, column, type, dimensions, start: 1 }, null);
  const opclass = type === 'bit' ? 'bit_hamming_ops' : `${type}_${metric}_ops`;
  return { method, form, on, opclass, with: method === 'hnsw' ? hnswOptions : { lists: recommendedLists(facts.vectors) } };
}

/** Norm 1 everywhere: the inner product orders as cosine does, without dividing by norms (V09). Else cosine, unless somebody said otherwise. */
function chooseMetric({ type, metric, norms, vectors }: VectorIndexFacts): {
  readonly metric: IndexAdvice['metric'];
  readonly reason: readonly string[];
} {
  if (type === 'bit') return { metric: 'hamming', reason: ['Bits are compared by how many differ (Hamming distance).'] };
  const allUnit = norms !== null && vectors > 0 && norms.unit === vectors;
  if (metric === null && allUnit)
    return {
      metric: 'ip',
      reason: [
        `All ${count(vectors)} vectors are of norm 1, so the inner product orders them as cosine distance does and is cheaper: search with <#>. If rows of other norms will come, take cosine and <=>.`,
      ],
    };
  if (metric === null)
    return {
      metric: 'cosine',
      reason: [`Cosine distance, which compares directions${norms === null ? '' : '; norms are not all 1'}: search with <=>.`],
    };
  const cheaper =
    metric === 'cosine' && allUnit ? ' All vectors are of norm 1: the inner product (<#>) would order them alike and is cheaper.' : '';
  const careful =
    metric === 'ip' && norms !== null && !allUnit
      ? ' Not all vectors are of norm 1: longer ones come first, whatever their direction.'
      : '';
  return { metric, reason: [`${metricWords[metric]}, as is wanted: search with ${operators[metric]}.${cheaper}${careful}`] };
}

const metricWords: Readonly<Record<VectorMetric, string>> = {
  cosine: 'Cosine distance',
  l2: 'Euclidean distance',
  ip: 'Inner product',
  l1: 'L1 distance',
};
const operators: Readonly<Record<VectorMetric, string>> = { cosine: '<=>', l2: '<->', ip: '<#>', l1: '<+>' };

function limitReasons({ type, dimensions, column }: VectorIndexFacts, form: Form): readonly string[] {
  if (form === 'column') return [];
  const limits =
    form === 'halfvec'
      ? `pgvector indexes ${type} up to ${count(maxIndexDimensions.vector)} dimensions`
      : `pgvector indexes vector up to ${count(maxIndexDimensions.vector)} and halfvec up to ${count(maxIndexDimensions.halfvec)} dimensions`;
  const instead =
    form === 'halfvec'
      ? 'its half precision is indexed'
      : 'the signs of its elements are indexed (binary quantisation), which find candidates only';
  return [
    `${limits}, and ${column} has ${count(dimensions)}: an index on the column itself is refused; ${instead}, and candidates are ranked by the vectors themselves.`,
  ];
}

function oddRows({ norms, duplicates, vectors }: VectorIndexFacts, metric: IndexAdvice['metric']): readonly string[] {
  const zero = norms?.zero ?? 0;
  const many = duplicates !== null && vectors > 0 && duplicates * 5 >= vectors;
  return [
    ...(zero > 0 && metric === 'cosine'
      ? [`${count(zero)} of ${count(vectors)} vectors are zero and will not be indexed: cosine distance has no direction for them.`]
      : []),
    ...(many
      ? [
          `${count(duplicates)} rows share their vector with another: among equal ones an index finds some before all, so raise hnsw.ef_search.`,
        ]
      : []),
  ];
}

function noIndexAtAll({ type, dimensions, column }: VectorIndexFacts): Omit<IndexAdvice, 'metric' | 'exactSeconds'> {
  const reason = `pgvector has no index for ${type}(${dimensions}) in any form (bit reaches ${count(maxIndexDimensions.bit)} dimensions): each search reads every row of ${column}.`;
  return { method: 'none', index: null, estimate: null, reasons: [reason], considered: [] };
}

function tooOld({ server, metric }: VectorIndexFacts, form: Form, method: 'hnsw' | 'ivfflat'): string | null {
  const version = server?.pgvector ?? null;
  if (version === null) return null;
  const needed = form !== 'column' || metric === 'l1' ? formsSince : method === 'hnsw' ? hnswSince : [0, 0];
  return isAtLeast(version, needed)
    ? null
    : `pgvector ${version} has no such index; ${needed.join('.')}.0 has: ALTER EXTENSION vector UPDATE, once the server's packages are newer.`;
}

function isAtLeast(version: string, [major, minor]: readonly number[]): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a > (major ?? 0) || (a === major && b >= (minor ?? 0));
}

/** null where HNSW is possible, or IVFFlat is not. */
function ivfflatInstead(facts: VectorIndexFacts, form: Form, metric: IndexAdvice['metric'], hnsw: IndexEstimate): AdvisedIndex | null {
  const { server, vectors } = facts;
  if (server === null || vectors < fewestForLists) return null;
  const forbidden = hnsw.buildBytes > server.buildMemory && hnsw.buildSeconds.most > longestBuild;
  const index = makeIndex(facts, form, 'ivfflat', metric);
  const known = vectorOpclasses.ivfflat[indexedType(facts, form)] ?? [];
  return forbidden && known.includes(index.opclass) ? index : null;
}

function hnswForbidden({ server }: VectorIndexFacts, estimate: IndexEstimate): string {
  return `IVFFlat, since HNSW would want ${buildSpace(estimate)}, and a build gets ${megabytesOf(server?.buildMemory ?? 0)} on this server: it would take much longer than that.`;
}

function memoryReason({ server }: VectorIndexFacts, { buildBytes }: IndexEstimate): readonly string[] {
  if (server === null || buildBytes <= server.buildMemory) return [];
  return [
    `Its graph wants about ${megabytesOf(buildBytes)} and a build gets ${megabytesOf(server.buildMemory)} on this server, so that it takes longer than estimated: ALTER ROLE … SET maintenance_work_mem gives more.`,
  ];
}

function megabytesOf(bytes: number): string {
  return `${count(Math.ceil(bytes / 2 ** 20))} MB`;
}

function allVectors({ vectors }: VectorIndexFacts): string {
  return vectors === 1 ? 'the one vector' : `all ${count(vectors)} vectors`;
}

/** Rows from which on reading all of them takes too long. */
function rowsFor(facts: VectorIndexFacts): number {
  const rows = fastEnough / exactScanSeconds({ ...facts, vectors: 1 });
  const step = 10 ** Math.floor(Math.log10(rows));
  return Math.max(1, Math.round(rows / step)) * step;
}

function about(seconds: number): string {
  const text = duration(seconds);
  return text.startsWith('less') ? text : `about ${text}`;
}
