import type { PlanIndex } from './plan-schema.ts';

/** An operator class with its schema: pgvector's are in the extension's, others as the plan writes them (`name` or `schema.name`). */
export function opclassName(text: string, vectorSchema: string): { readonly schema: string | null; readonly name: string } {
  if (vectorOpclasses.has(text)) return { schema: vectorSchema, name: text };
  const dot = text.indexOf('.');
  return dot < 0 ? { schema: null, name: text } : { schema: text.slice(0, dot), name: text.slice(dot + 1) };
}

/** Approximate index of pgvector. */
export function isVectorIndex(index: PlanIndex): boolean {
  return index.method === 'hnsw' || index.method === 'ivfflat';
}

const vectorOpclasses: ReadonlySet<string> = new Set([
  ...['vector', 'halfvec', 'sparsevec'].flatMap((type) => ['l2', 'ip', 'cosine', 'l1'].map((distance) => `${type}_${distance}_ops`)),
  'bit_hamming_ops',
  'bit_jaccard_ops',
]);
