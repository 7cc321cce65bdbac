import type { PgType } from '../../model/pg-type.ts';
import { axisOf } from './partition-axis.ts';
import { parseDay } from './calendar.ts';

/** A value of a list partition as SQL and the encoders take it. */
export type ListValue = string | bigint | boolean | null;

/** The plan's value in the form of the column's type; undefined when it is no value of it. `labels`: of the enum that the type is, else null. */
export function listValue(type: PgType, value: unknown, labels: readonly string[] | null): ListValue | undefined {
  if (value === null) return null;
  if (labels !== null) return typeof value === 'string' && labels.includes(value) ? value : undefined;
  const axis = axisOf(type);
  if (axis?.unit === 'number') return integer(value, axis.first, axis.last);
  if (type.name === 'boolean') return typeof value === 'boolean' ? value : undefined;
  if (typeof value !== 'string') return undefined;
  if (type.name === 'date') return parseDay(value) === null ? undefined : value;
  if (type.name === 'uuid') return uuid.test(value) ? value.toLowerCase() : undefined;
  const [most = Infinity] = type.modifiers;
  return [...value].length <= most ? value : undefined;
}

/** Types whose equal values have equal bytes, so that it is known before the load which partition takes a row. */
export function hasListPartitions(type: PgType, isEnum: boolean): boolean {
  return type.arrayDepth === 0 && (isEnum || listTypes.has(type.name));
}

const listTypes: ReadonlySet<string> = new Set(['text', 'varchar', 'smallint', 'integer', 'bigint', 'boolean', 'date', 'uuid']);

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

function integer(value: unknown, first: bigint, last: bigint): bigint | undefined {
  const isWritten = typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && /^-?\d{1,19}$/.test(value);
  if (!isWritten) return undefined;
  const found = BigInt(value as number | string);
  return found < first || found > last ? undefined : found;
}
