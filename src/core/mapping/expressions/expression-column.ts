/** How SQLite stores the values that arrive in a column of the target. */
export type StorageClass = 'integer' | 'real' | 'text' | 'blob';

/** A column as expressions may use it. */
export interface ExpressionColumn {
  /** Name in PostgreSQL. */
  readonly to: string;
  /** PostgreSQL type without modifiers; `other` when the values are not what the store has, but converted. */
  readonly type: string;
  /** Collation of the store, null = compares bytes. */
  readonly collation?: string | null;
  /** The one class of all its values; null or absent when there are several or nobody knows. */
  readonly storage?: StorageClass | null;
  /** Values that are not NULL in the store become NULL. */
  readonly gainsNulls?: boolean;
}

/** The column that an expression names, null when there is none. SQLite's names have no case. */
export type ExpressionColumns = (name: string) => ExpressionColumn | null;
