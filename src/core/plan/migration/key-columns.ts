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
  const isText = name === 'text' || name === 'varchar';
  const own = quoteIdentifier(to);
  const folded = isText ? collatedExpression(own, collation) : null;
  return folded === own ? null : folded;
}

/** A text as a collation of SQLite compares it, by its bytes; null for a collation that only an application has. */
export function collatedExpression(sql: string, collation: string | null | undefined): string | null {
  const name = collation?.toUpperCase() ?? 'BINARY';
  if (name === 'BINARY') return sql;
  if (name === 'NOCASE') return `lower(${sql} COLLATE "C")`;
  return name === 'RTRIM' ? `rtrim(${sql}, ' ')` : null;
}
