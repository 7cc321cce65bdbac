import type { IndexedVectorType } from '../sql/vector-limits.ts';

/** One value as pgvector keeps it, header included. */
export function vectorValueBytes(type: IndexedVectorType, dimensions: number): number {
  const bits = { vector: 32, halfvec: 16, bit: 1 }[type];
  return 8 + Math.ceil((dimensions * bits) / 8);
}

/**
 * One row of an HNSW index on disk: the element (value and about 80 bytes) lies in a page of 8 kB with others or alone, its 2 × m neighbours and those of
 * the layers above (6 bytes each) in another entry. Measured on pgvector 0.8.0, see docs/vectors.md.
 */
export function vectorIndexEntryBytes(type: IndexedVectorType, dimensions: number, m: number): number {
  const pageBytes = 8_160;
  const element = vectorValueBytes(type, dimensions) + 80;
  const neighbours = 24 + 6 * 2 * m + 6;
  const perPage = Math.max(1, Math.floor(pageBytes / (element + neighbours)));
  const alone = element * 2 > pageBytes;
  // What is alone in its page leaves room for neighbours of a few others.
  return alone ? Math.max(8_192, element + neighbours) : 8_192 / perPage;
}

/** Memory of one row of the HNSW graph while it is built: the value, and 16 bytes for each neighbour that it may have, twice m on the lowest layer. */
export function hnswBuildBytes(type: IndexedVectorType, dimensions: number, m: number): number {
  return vectorValueBytes(type, dimensions) + 2 * m * 16 + Math.ceil((m * 16) / (m - 1)) + 250;
}
