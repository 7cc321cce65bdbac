/** Dimensions of `vector` and `halfvec` that pgvector stores: https://github.com/pgvector/pgvector#vector-type */
export const maxVectorDimensions = 16_000;
