import type { PythonValue, TaggedValue } from '../anchor.ts';
import { zoneOffset } from './zone-offset.ts';

/** Dates and times of Python's datetime module from the bytes in their pickles (`__reduce_ex__` in Lib/_pydatetime.py). null = they are none. */

/** datetime(10 bytes[, zone]): year of two bytes, month with `fold` in its highest bit, day, hour, minute, second, microseconds of three bytes. */
export function datetimeOf(args: readonly PythonValue[]): PythonValue | null {
  const [bytes, zone = null] = args;
  if (!(bytes instanceof Uint8Array) || bytes.length !== 10 || args.length > 2) return null;
  const fold = bytes[2]! >= 0x80;
  const date = dateText(bytes[0]! * 256 + bytes[1]!, bytes[2]! & 0x7f, bytes[3]!);
  const time = timeText(bytes, 4, bytes[4]!);
  if (date === null || time === null) return null;
  const text = `${date}T${time}`;
  if (zone === null) return { tag: 'datetime', text, zone: null };
  const found = offsetOf(zone, text, fold);
  return found === null ? null : { tag: 'datetime', text: text + found.offset, zone: found.name };
}

/** date(4 bytes). */
export function dateOf(args: readonly PythonValue[]): PythonValue | null {
  const [bytes] = args;
  if (!(bytes instanceof Uint8Array) || bytes.length !== 4 || args.length > 1) return null;
  const text = dateText(bytes[0]! * 256 + bytes[1]!, bytes[2]!, bytes[3]!);
  return text === null ? null : { tag: 'date', text };
}

/** time(6 bytes[, zone]), `fold` in the highest bit of the hour. A named zone has no offset without a date, as in Python. */
export function timeOf(args: readonly PythonValue[]): PythonValue | null {
  const [bytes, zone = null] = args;
  if (!(bytes instanceof Uint8Array) || bytes.length !== 6 || args.length > 2) return null;
  const text = timeText(bytes, 0, bytes[0]! & 0x7f);
  const fixed = zone === null ? null : fixedOffset(zone);
  if (text === null || (zone !== null && fixed === null)) return null;
  return { tag: 'time', text: text + (fixed?.offset ?? '') };
}

/** timedelta(days, seconds, microseconds). */
export function timedeltaOf(args: readonly PythonValue[]): PythonValue | null {
  const [days, seconds, microseconds] = args;
  if (typeof days !== 'bigint' || typeof seconds !== 'bigint' || typeof microseconds !== 'bigint' || args.length > 3) return null;
  if (days < -999_999_999n || days > 999_999_999n || seconds < 0n || seconds >= 86_400n) return null;
  if (microseconds < 0n || microseconds >= 1_000_000n) return null;
  return { tag: 'timedelta', days: Number(days), seconds: Number(seconds), microseconds: Number(microseconds) };
}

function dateText(year: number, month: number, day: number): string | null {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** `at`: place of the hour. */
function timeText(bytes: Uint8Array, at: number, hour: number): string | null {
  const [minute, second] = [bytes[at + 1]!, bytes[at + 2]!];
  const micros = bytes[at + 3]! * 65_536 + bytes[at + 4]! * 256 + bytes[at + 5]!;
  if (hour > 23 || minute > 59 || second > 59 || micros > 999_999) return null;
  const fraction = micros === 0 ? '' : `.${digits(micros, 6)}`;
  return `${digits(hour, 2)}:${digits(minute, 2)}:${digits(second, 2)}${fraction}`;
}

interface Offset {
  readonly offset: string;
  readonly name: string | null;
}

function offsetOf(zone: PythonValue, text: string, fold: boolean): Offset | null {
  const fixed = fixedOffset(zone);
  if (fixed !== null) return fixed;
  if (!isForeign(zone) || zone.module !== 'zoneinfo' || zone.name !== 'ZoneInfo._unpickle') return null;
  const [key] = zone.args;
  if (typeof key !== 'string') return null;
  const seconds = zoneOffset(key, Date.parse(`${text.slice(0, 19)}Z`), fold);
  return seconds === null ? null : { offset: offsetText(BigInt(seconds) * 1_000_000n), name: key };
}

/** datetime.timezone(timedelta[, name]). */
function fixedOffset(zone: PythonValue): Offset | null {
  if (!isForeign(zone) || zone.module !== 'datetime' || zone.name !== 'timezone') return null;
  const [delta, name = null] = zone.args;
  if (delta === null || typeof delta !== 'object' || !('tag' in delta) || delta.tag !== 'timedelta') return null;
  if (name !== null && typeof name !== 'string') return null;
  const micros = (BigInt(delta.days) * 86_400n + BigInt(delta.seconds)) * 1_000_000n + BigInt(delta.microseconds);
  return { offset: offsetText(micros), name };
}

/** +HH:MM[:SS[.ffffff]], as Python prints it. */
function offsetText(microseconds: bigint): string {
  const size = microseconds < 0n ? -microseconds : microseconds;
  const [seconds, fraction] = [size / 1_000_000n, size % 1_000_000n];
  const parts = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => digits(Number(part), 2));
  const tail = fraction === 0n ? '' : `.${digits(Number(fraction), 6)}`;
  const shown = fraction === 0n && seconds % 60n === 0n ? parts.slice(0, 2) : parts;
  return `${microseconds < 0n ? '-' : '+'}${shown.join(':')}${tail}`;
}

function isForeign(value: PythonValue): value is Extract<TaggedValue, { tag: 'foreign' }> {
  return value !== null && typeof value === 'object' && 'tag' in value && value.tag === 'foreign';
}

function digits(number: number, count: number): string {
  return String(number).padStart(count, '0');
}
