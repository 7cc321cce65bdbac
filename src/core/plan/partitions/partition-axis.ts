import type { PgType } from '../../model/pg-type.ts';
import { dayText, firstDayOfMonth, floorDiv, monthOfDay, parseDay } from './calendar.ts';
import type { PartitionStep } from './partition-step.ts';

/**
 * A column's values as points on a line of integers: integers as they are, dates as days and timestamps as microseconds since 2000-01-01, as PostgreSQL
 * keeps them.
 */
export interface PartitionAxis {
  readonly unit: 'number' | 'day' | 'micros';
  /** Smallest and largest point that a range partition is made for; dates and timestamps of the years 1 to 9999. */
  readonly first: bigint;
  readonly last: bigint;
  readonly zoned: boolean;
}

/** One range: `from` is its first point, `to` the first behind it. */
export interface PointRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** The axis of a type; null when there are no range partitions by it. */
export function axisOf(type: PgType): PartitionAxis | null {
  if (type.arrayDepth > 0 || (type.schema !== null && type.schema !== 'pg_catalog')) return null;
  const bits = integerBits[type.name];
  if (bits !== undefined) return { unit: 'number', first: -(1n << (bits - 1n)), last: (1n << (bits - 1n)) - 1n, zoned: false };
  if (type.name === 'date') return { unit: 'day', first: firstDay, last: lastDay, zoned: false };
  if (type.name !== 'timestamp' && type.name !== 'timestamptz') return null;
  return { unit: 'micros', first: firstDay * dayMicros, last: (lastDay + 1n) * dayMicros - 1n, zoned: type.name === 'timestamptz' };
}

/** Ranges of `step` can be made of the axis. */
export function fitsAxis(axis: PartitionAxis, step: PartitionStep): boolean {
  if (axis.unit === 'number' || step.kind === 'number') return axis.unit === 'number' && step.kind === 'number';
  return axis.unit === 'micros' || step.kind !== 'hours';
}

/** The range that holds a point of the axis. Ranges of one step are the same whatever the data, and end with the axis. */
export function rangeOf(axis: PartitionAxis, step: PartitionStep, point: bigint): PointRange {
  const [from, to] = wholeRange(axis, step, point);
  return { from: from < axis.first ? axis.first : from, to: to > axis.last ? axis.last + 1n : to };
}

/** All ranges from the one that holds `first` to the one that holds `last`, without a gap; null when there are more than `most`. */
export function rangesBetween(
  axis: PartitionAxis,
  step: PartitionStep,
  first: bigint,
  last: bigint,
  most: bigint,
): readonly PointRange[] | null {
  if (countRanges(axis, step, first, last) > most) return null;
  const ranges: PointRange[] = [];
  for (let point = first; point <= last;) {
    const range = rangeOf(axis, step, point);
    ranges.push(range);
    point = range.to;
  }
  return ranges;
}

export function countRanges(axis: PartitionAxis, step: PartitionStep, first: bigint, last: bigint): bigint {
  if (last < first) return 0n;
  const number = (point: bigint): bigint =>
    step.kind === 'months'
      ? floorDiv(monthOfDay(axis.unit === 'micros' ? floorDiv(point, dayMicros) : point), step.size)
      : floorDiv(point - offsetOf(axis, step), lengthOf(axis, step));
  return number(last) - number(first) + 1n;
}

/** A bound as PostgreSQL reads it, whatever the session's zone. */
export function pointText(axis: PartitionAxis, point: bigint): string {
  if (axis.unit === 'number') return String(point);
  if (axis.unit === 'day') return dayText(point);
  const day = floorDiv(point, dayMicros);
  const seconds = (point - day * dayMicros) / 1_000_000n;
  const time = [seconds / 3_600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => String(part).padStart(2, '0')).join(':');
  return `${dayText(day)} ${time}${axis.zoned ? '+00' : ''}`;
}

/** A point that a plan names: an integer, or a day; null when it is none of the axis. */
export function parsePoint(axis: PartitionAxis, text: string | number): bigint | null {
  if (axis.unit === 'number') {
    const found = /^-?\d{1,19}$/.test(String(text)) ? BigInt(text) : null;
    return found === null || found < axis.first || found > axis.last ? null : found;
  }
  const day = typeof text === 'string' ? parseDay(text) : null;
  if (day === null || day < firstDay || day > lastDay) return null;
  return axis.unit === 'day' ? day : day * dayMicros;
}

/** What tells a range from others of its step in a name: `2024`, `2024_05`, `2024_05_31`, `2024_05_31_12`, `1000`, `minus_1000`. */
export function rangeLabel(axis: PartitionAxis, step: PartitionStep, { from }: PointRange): string {
  if (axis.unit === 'number') return from < 0n ? `minus_${-from}` : String(from);
  const day = axis.unit === 'day' ? from : floorDiv(from, dayMicros);
  const [year = '', month = '', date = ''] = dayText(day).split('-');
  if (step.kind === 'months') return step.size % 12n === 0n ? year : `${year}_${month}`;
  if (step.kind !== 'hours') return `${year}_${month}_${date}`;
  return `${year}_${month}_${date}_${String((from - day * dayMicros) / hourMicros).padStart(2, '0')}`;
}

const integerBits: Readonly<Record<string, bigint>> = { smallint: 16n, integer: 32n, bigint: 64n };
const hourMicros = 3_600_000_000n;
const dayMicros = 24n * hourMicros;
/** 0001-01-01 and 9999-12-31. */
const firstDay = firstDayOfMonth(12n);
const lastDay = firstDayOfMonth(120_000n) - 1n;
/** 2000-01-03 was a Monday. */
const monday = 2n;

function wholeRange(axis: PartitionAxis, step: PartitionStep, point: bigint): readonly [bigint, bigint] {
  if (step.kind === 'months') {
    const scale = axis.unit === 'micros' ? dayMicros : 1n;
    const number = floorDiv(monthOfDay(floorDiv(point, scale)), step.size);
    return [firstDayOfMonth(number * step.size) * scale, firstDayOfMonth((number + 1n) * step.size) * scale];
  }
  const [length, offset] = [lengthOf(axis, step), offsetOf(axis, step)];
  const from = floorDiv(point - offset, length) * length + offset;
  return [from, from + length];
}

function lengthOf(axis: PartitionAxis, { kind, size }: PartitionStep): bigint {
  if (kind === 'number') return size;
  if (kind === 'hours') return size * hourMicros;
  return size * (kind === 'weeks' ? 7n : 1n) * (axis.unit === 'micros' ? dayMicros : 1n);
}

function offsetOf(axis: PartitionAxis, { kind }: PartitionStep): bigint {
  if (kind !== 'weeks') return 0n;
  return axis.unit === 'micros' ? monday * dayMicros : monday;
}
