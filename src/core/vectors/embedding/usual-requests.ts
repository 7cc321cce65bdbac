import type { EmbeddingWish } from './backfill-embeddings.ts';

/** How an endpoint is asked unless told otherwise. text-embeddings-inference takes 32 texts at a time unless it is told otherwise. */
export const usualRequests = {
  batchRows: 32,
  batchCharacters: 100_000,
  concurrency: 2,
  timeoutSeconds: 120,
} as const satisfies Partial<EmbeddingWish>;
