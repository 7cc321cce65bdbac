import { quoteIdentifier } from '../../sql/quote.ts';
import type { ColumnDraft } from './table-draft.ts';

/** Bytes that a btree entry takes: a third of a page. https://www.postgresql.org/docs/current/btree.html */
export const maxKeyBytes = 2_600;

/** Columns that an index may have. https://www.postgresql.org/docs/current/limits.html */
export const maxIndexColumns = 32;

/** The largest entry that an index over these columns may need (S46). */
export function largestKey(columns: readonly ColumnDraft[]): number {
  const unbounded = new Set(['text', 'varchar', 'bytea', 'jsonb']);
  return columns.reduce(
    (sum, { choice, profile }) =>
      sum + (unbounded.has(choice.mapping.type.name) ? Math.max(profile.textMaxBytes, profile.blobMaxBytes) : 16),
    0,
  );
}

/** Texts that SQLite holds equal under a collation are equal under this expression; null = the collation compares bytes. Only ASCII letters fold, in both. */
export function foldedExpression({ to, choice }: ColumnDraft, collation: string | null | undefined): string | null {
  const name = choice.mapping.type.name;
  if (name !== 'text' && name !== 'varchar') return null;
  if (collation?.toUpperCase() === 'NOCASE') return `lower(${quoteIdentifier(to)} COLLATE "C")`;
  return collation?.toUpperCase() === 'RTRIM' ? `rtrim(${quoteIdentifier(to)}, ' ')` : null;
}
