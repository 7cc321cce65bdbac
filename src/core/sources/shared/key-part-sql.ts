import type { KeyPart } from '../source.ts';
import { quoteName } from './quote-name.ts';

/** Of rows that have long keys, so many are given whole. */
export const mostLongestKeys = 50;

/** An expression for the value of a part of a key. A comment in it ends with its line. */
export function keyPartSql(part: KeyPart): string {
  return `(${'column' in part ? quoteName(part.column) : part.expression}\n)`;
}
