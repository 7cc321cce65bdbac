/** An index of a plan on one vector column. */
export interface VectorIndexPlan {
  readonly columns: readonly string[];
  readonly method: 'hnsw';
  readonly opclass: 'vector_cosine_ops';
  readonly with: { readonly m: number; readonly ef_construction: number };
}

/** pgvector indexes `vector` up to here: https://github.com/pgvector/pgvector#hnsw */
const maxIndexedDimensions = 2_000;

/** HNSW with cosine distance and pgvector's own defaults; above 2,000 dimensions no index, and the reason. */
export function planVectorIndex(
  column: string,
  dimensions: number,
): { readonly index: VectorIndexPlan | null; readonly note: string | null } {
  if (dimensions > maxIndexedDimensions) {
    const note = `pgvector indexes vector columns up to ${maxIndexedDimensions} dimensions; ${column} has ${dimensions} and gets no index (a halfvec expression index reaches 4,000).`;
    return { index: null, note };
  }
  return { index: { columns: [column], method: 'hnsw', opclass: 'vector_cosine_ops', with: { m: 16, ef_construction: 64 } }, note: null };
}
