import type { Expr } from 'sqlite3-parser';
import type { Family, Value } from './expression-value.ts';

/** Where an expression stands in the target; it decides what may be said more simply. */
export type ExpressionPlace = 'check' | 'index' | 'unique-index' | 'generated';

/** What the parts of an expression may ask of the whole. */
export interface ExpressionScope {
  readonly place: ExpressionPlace;
  value(expr: Expr): Value;
  /** As SQL that is true, false or NULL. */
  condition(expr: Expr): string;
  /** As it was written. */
  textOf(expr: Expr): string;
  /** Alternatives of one result as SQL: all of one family, NULLs apart. */
  unify(values: readonly Value[]): { readonly family: Family; readonly sqls: readonly string[] };
  /** Remembers the first reason why the whole cannot be said in PostgreSQL; what is returned stands in until the end is reached. */
  refuse(reason: string): Value;
}
