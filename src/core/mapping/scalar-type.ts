import type { PgType } from '../model/pg-type.ts';

/** A built-in or pgvector type by its canonical name. */
export function scalarType(name: string, ...modifiers: readonly number[]): PgType {
  return { name, schema: null, modifiers, arrayDepth: 0 };
}
