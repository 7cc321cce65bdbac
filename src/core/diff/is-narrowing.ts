import { MigrationError } from '../errors.ts';
import type { PgType } from '../model/pg-type.ts';
import { parsePgType } from '../sql/pg-type.ts';

/** Values of `before` may not fit into `after`, or change on the way. What is not known to be safe counts as narrowing. */
export function isNarrowing(before: string, after: string): boolean {
  if (before === after) return false;
  const [from, to] = [parse(before), parse(after)];
  if (from === null || to === null || from.arrayDepth !== to.arrayDepth || from.schema !== null || to.schema !== null) return true;
  return !rules.some((isSafe) => isSafe(from, to));
}

type Rule = (from: PgType, to: PgType) => boolean;

const integers: readonly string[] = ['smallint', 'integer', 'bigint'];
const digitsOfInteger: Readonly<Record<string, number>> = { smallint: 5, integer: 10, bigint: 19 };
const dates: readonly string[] = ['date', 'timestamp'];

const rules: readonly Rule[] = [
  (from, to) => integers.includes(from.name) && integers.indexOf(to.name) > integers.indexOf(from.name),
  (from, to) => from.name in digitsOfInteger && to.name === 'numeric' && wholeDigits(to) >= (digitsOfInteger[from.name] ?? 0),
  (from, to) => from.name === 'numeric' && to.name === 'numeric' && holdsNumeric(from, to),
  (from, to) => from.name === 'real' && to.name === 'double precision',
  (from, to) => to.name === 'double precision' && (from.name === 'smallint' || from.name === 'integer'),
  (from, to) => from.name === 'varchar' && to.name === 'varchar' && length(to) >= length(from),
  (from, to) => (to.name === 'text' || (to.name === 'varchar' && to.modifiers.length === 0)) && from.name !== 'char',
  (from, to) => dates.includes(from.name) && dates.indexOf(to.name) > dates.indexOf(from.name),
  (from, to) => from.name === 'jsonb' && to.name === 'json',
  (from, to) => from.name === to.name && to.modifiers.length === 0,
];

function parse(text: string): PgType | null {
  try {
    return parsePgType(text);
  } catch (error) {
    if (error instanceof MigrationError) return null;
    throw error;
  }
}

function holdsNumeric(from: PgType, to: PgType): boolean {
  if (to.modifiers.length === 0) return true;
  return from.modifiers.length > 0 && wholeDigits(to) >= wholeDigits(from) && (to.modifiers[1] ?? 0) >= (from.modifiers[1] ?? 0);
}

/** Digits before the point that a numeric has room for. */
function wholeDigits(type: PgType): number {
  const [precision, scale = 0] = type.modifiers;
  return precision === undefined ? Infinity : precision - scale;
}

function length(type: PgType): number {
  return type.modifiers[0] ?? Infinity;
}
