import type { DuplicatesResult } from '../../core/index.ts';

/** `duplicates --json`. */
export interface DuplicatesDocument extends Omit<DuplicatesResult, 'index' | 'payload'> {
  /** null = every row was compared with every other. */
  readonly index: { readonly name: string; readonly method: string; readonly form: string } | null;
}

export function duplicatesDocument({ index, payload: _, ...result }: DuplicatesResult): DuplicatesDocument {
  return { ...result, index: index === null ? null : { name: index.name, method: index.method, form: index.label } };
}
