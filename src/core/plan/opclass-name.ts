import { vectorOpclasses } from '../sql/vector-limits.ts';
import type { PlanIndex } from './plan-schema.ts';

/** An operator class with its schema: pgvector's are in the extension's, others as the plan writes them (`name` or `schema.name`). */
export function opclassName(text: string, vectorSchema: string): { readonly schema: string | null; readonly name: string } {
  if (known.has(text)) return { schema: vectorSchema, name: text };
  const dot = text.indexOf('.');
  return dot < 0 ? { schema: null, name: text } : { schema: text.slice(0, dot), name: text.slice(dot + 1) };
}

/** Approximate index of pgvector. */
export function isVectorIndex(index: PlanIndex): boolean {
  return index.method === 'hnsw' || index.method === 'ivfflat';
}

const known: ReadonlySet<string> = new Set(Object.values(vectorOpclasses.hnsw).flat());
