import type { SourceValue } from './source-value.ts';

/** The values of one column of a batch. */
export interface ValueVector {
  /** Any value as it stands in a row. */
  at(row: number): SourceValue;
  /** The same values as plain numbers, where the column is of a type that has them. */
  readonly numbers?: NumberVector;
}

/**
 * What the numbers of a column are: integers, reals of 32 or 64 bits, 0 and 1 of a boolean, days or microseconds since 1970 in UTC, or decimals without
 * their point (`scale` digits stand behind it).
 */
export type NumberUnit = 'integer' | 'single' | 'double' | 'boolean' | 'day' | 'microsecond' | 'decimal';

export interface NumberVector {
  readonly unit: NumberUnit;
  /** Of decimals; else 0. */
  readonly scale: number;
  /** Exact where `states` says so: a double holds whole numbers up to 2^53. */
  readonly values: Float64Array;
  /** Of each row: one of `numberStates`. */
  readonly states: Uint8Array;
}

/** Whether the number of a row is its value, the value is NULL, or only `at` knows it (it is too large, or no number: an infinite date). */
export const numberStates = { exact: 0, missing: 1, elsewhere: 2 } as const;
