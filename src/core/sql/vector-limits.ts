/** Dimensions that an HNSW or IVFFlat index of pgvector takes, by type: https://github.com/pgvector/pgvector#hnsw */
export const maxIndexDimensions = { vector: 2_000, halfvec: 4_000, bit: 64_000 } as const;

export type IndexedVectorType = keyof typeof maxIndexDimensions;

/** Operator classes of each method by indexed type, without the schema; `sparsevec` has HNSW only. */
export const vectorOpclasses: Readonly<Record<'hnsw' | 'ivfflat', Readonly<Record<string, readonly string[]>>>> = {
  hnsw: {
    vector: ['vector_cosine_ops', 'vector_l2_ops', 'vector_ip_ops', 'vector_l1_ops'],
    halfvec: ['halfvec_cosine_ops', 'halfvec_l2_ops', 'halfvec_ip_ops', 'halfvec_l1_ops'],
    sparsevec: ['sparsevec_cosine_ops', 'sparsevec_l2_ops', 'sparsevec_ip_ops', 'sparsevec_l1_ops'],
    bit: ['bit_hamming_ops', 'bit_jaccard_ops'],
  },
  ivfflat: {
    vector: ['vector_cosine_ops', 'vector_l2_ops', 'vector_ip_ops'],
    halfvec: ['halfvec_cosine_ops', 'halfvec_l2_ops', 'halfvec_ip_ops'],
    sparsevec: [],
    bit: ['bit_hamming_ops'],
  },
};
