import type { AdvisedIndex, IndexEstimate, VectorIndexFacts } from '../model/index-advice.ts';
import type { IndexedVectorType } from '../sql/vector-limits.ts';
import { ivfflatBuildBytes } from './ivfflat-lists.ts';
import { hnswBuildBytes, vectorIndexEntryBytes, vectorValueBytes } from './vector-index-size.ts';

/**
 * Seconds that HNSW (m 16, ef_construction 64) takes for one row and one doubling of the rows, measured (docs/vectors.md). Most: 10,000 vectors of "64
 * factors" on two busy cores took 95.7 s at 1,536 dimensions, 118.6 s at 3,072 in half precision and 38.4 s at 4,096 bits. Least: vectors around a few
 * centres, by one process: 20,000 of 384 dimensions 11.8 s, 20,000 of 768 14.7 s, 10,000 of 1,536 8.2 s.
 */
const mostSeconds: Readonly<Record<IndexedVectorType, number>> = { vector: 4.7e-7, halfvec: 2.9e-7, bit: 7e-8 };
const leastSeconds = { step: 3.5e-5, element: { vector: 1.7e-8, halfvec: 1.7e-8, bit: 1e-9 } } as const;
/** IVFFlat, for one row and one dimension: of reading, and of each list: 20,000 vectors of 384 took 0.98 s with 20 lists and 1.58 s with 100, by one process. */
const readSeconds: Readonly<Record<IndexedVectorType, number>> = { vector: 1.1e-7, halfvec: 1.1e-7, bit: 5e-9 };
const listSeconds: Readonly<Record<IndexedVectorType, number>> = { vector: 1.2e-9, halfvec: 1.2e-9, bit: 1e-10 };
/** Elements that a search without an index compares in a second: 10,000 vectors of 1,536 in 0.36 s (docs/vectors.md). */
const elementsPerSecond = 43e6;

/** Of a search that reads every vector, in seconds. An estimate. */
export function exactScanSeconds({ vectors, dimensions, type }: Pick<VectorIndexFacts, 'vectors' | 'dimensions' | 'type'>): number {
  return (vectors * dimensions) / (type === 'bit' ? elementsPerSecond * 20 : elementsPerSecond);
}

/** Disk, memory and time of a build over `rows` vectors. An estimate: sizes follow from pgvector's page layout, time from what was measured. */
export function estimateIndex(
  { type, dimensions }: Pick<VectorIndexFacts, 'type' | 'dimensions'>,
  { method, form, with: options }: Pick<AdvisedIndex, 'method' | 'form' | 'with'>,
  rows: number,
): IndexEstimate {
  const indexed: IndexedVectorType = form === 'column' ? type : form === 'halfvec' ? 'halfvec' : 'bit';
  const valueBytes = vectorValueBytes(indexed, dimensions);
  if (method === 'ivfflat') {
    const lists = options['lists'] ?? 1;
    return {
      indexBytes: rows * (valueBytes + 24),
      buildBytes: ivfflatBuildBytes(lists, valueBytes),
      buildSeconds: spread(rows * dimensions * (readSeconds[indexed] + lists * listSeconds[indexed])),
    };
  }
  const { m = 16, ef_construction: effort = 64 } = options;
  const steps = rows * Math.log2(Math.max(2, rows)) * (effort / 64);
  return {
    indexBytes: rows * vectorIndexEntryBytes(indexed, dimensions, m),
    buildBytes: rows * hnswBuildBytes(indexed, dimensions, m),
    buildSeconds: {
      least: steps * (leastSeconds.step + leastSeconds.element[indexed] * dimensions),
      most: steps * Math.max(2 * leastSeconds.step, mostSeconds[indexed] * dimensions),
    },
  };
}

/** One measurement says little of another machine. */
function spread(seconds: number): IndexEstimate['buildSeconds'] {
  return { least: seconds / 2, most: seconds * 4 };
}
