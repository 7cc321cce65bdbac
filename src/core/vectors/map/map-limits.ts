import type { Projection } from '../../model/vector-map.ts';

/** Rows that a picture may have. */
const mostRows = 100_000;

/** Components that are held at once: 100,000 vectors of 384 dimensions, 154 MB as float32. */
const mostComponents = mostRows * 384;

/** umap-js keeps its graph in maps of strings: 20,000 rows take more than a gigabyte for a while, and most of a minute. */
const mostRowsOfUmap = 20_000;

/** Most rows of vectors with so many dimensions that a projection draws. */
export function mapLimit(dimensions: number, projection: Projection): number {
  const rows = projection === 'umap' ? mostRowsOfUmap : mostRows;
  return Math.max(1, Math.min(rows, Math.floor(mostComponents / Math.max(1, dimensions))));
}
