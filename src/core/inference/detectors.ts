/**
 * Tests of one text each: true only when PostgreSQL prints the value back as exactly this text (or, for timestamps, as the same instant).
 * They run on every value of a store, so they look at character codes and allocate nothing.
 */

const zero = 48;
const nine = 57;
const minus = 45;
const dot = 46;

/** Lower-case with hyphens. */
export function isUuid(text: string): boolean {
  if (text.length !== 36) return false;
  for (let i = 0; i < 36; i++) {
    const code = text.charCodeAt(i);
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (code !== minus) return false;
    } else if (!((code >= zero && code <= nine) || (code >= 97 && code <= 102))) return false;
  }
  return true;
}

/**
 * Decimal places of a plain number: 0 for `17`, 2 for `-1.50`; -1 for anything else, such as `007`, `+1`, `1e5`, `.5`, `-0`.
 * At most 1,000 characters, far inside what numeric takes.
 */
export function decimalPlaces(text: string): number {
  const { length } = text;
  const start = text.charCodeAt(0) === minus ? 1 : 0;
  if (length === start || length > 1_000) return -1;
  let point = length;
  let significant = false;
  for (let i = start; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === dot && point === length && i > start && i < length - 1) point = i;
    else if (code < zero || code > nine) return -1;
    else if (code !== zero) significant = true;
  }
  if (text.charCodeAt(start) === zero && point > start + 1) return -1;
  if (start === 1 && !significant) return -1;
  return point === length ? 0 : length - point - 1;
}

/** A plain integer (decimalPlaces 0) that fits in 64 bits. */
export function fitsInt64(text: string): boolean {
  const digits = text.charCodeAt(0) === minus ? text.length - 1 : text.length;
  if (digits !== 19) return digits < 19;
  return text.charCodeAt(0) === minus ? text <= '-9223372036854775808' : text <= '9223372036854775807';
}

/** What boolean::text prints. */
export function isBoolean(text: string): boolean {
  return text === 'true' || text === 'false';
}

/** Kind of a date or time written the ISO way, or null. The four exclude one another. */
export type TemporalFormat = 'date' | 'time' | 'timestamp' | 'timestamptz';

/**
 * date `2024-01-02` · time `03:04:05[.5]` · timestamp `2024-01-02 03:04[:05[.678]]`, with a space or T · timestamptz the same with Z, +05, +05:30 or
 * +0530 behind it. Years 0001 to 9999, real calendar days, at most microseconds.
 */
export function temporalFormat(text: string): TemporalFormat | null {
  if (text.charCodeAt(2) === 58) return clockEnd(text, 0) === text.length && text.length >= 8 && !endsInZeroFraction(text) ? 'time' : null;
  if (!isCalendarDate(text)) return null;
  if (text.length === 10) return 'date';
  const separator = text.charCodeAt(10);
  if (separator !== 32 && separator !== 84) return null;
  const end = clockEnd(text, 11);
  if (end === -1) return null;
  if (end === text.length) return 'timestamp';
  return isOffset(text, end) ? 'timestamptz' : null;
}

/** The first ten characters are a day that exists. */
function isCalendarDate(text: string): boolean {
  if (text.length < 10 || text.charCodeAt(4) !== minus || text.charCodeAt(7) !== minus) return false;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(month, year);
}

function daysIn(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Position behind `HH:MM[:SS[.ffffff]]` that begins at `start`; -1 when there is no such time. */
function clockEnd(text: string, start: number): number {
  const hour = twoDigits(text, start);
  const minute = twoDigits(text, start + 3);
  if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59) || text.charCodeAt(start + 2) !== 58) return -1;
  if (text.charCodeAt(start + 5) !== 58) return start + 5;
  const second = twoDigits(text, start + 6);
  if (!(second >= 0 && second <= 59)) return -1;
  if (text.charCodeAt(start + 8) !== dot) return start + 8;
  let end = start + 9;
  while (isDigit(text.charCodeAt(end))) end++;
  const digits = end - start - 9;
  return digits >= 1 && digits <= 6 ? end : -1;
}

/** Trailing zeros of a fraction are not printed back. */
function endsInZeroFraction(text: string): boolean {
  return text.length > 8 && text.charCodeAt(text.length - 1) === zero;
}

function isOffset(text: string, start: number): boolean {
  const sign = text.charCodeAt(start);
  const rest = text.length - start;
  if (sign === 90) return rest === 1;
  if (sign !== 43 && sign !== minus) return false;
  const hours = twoDigits(text, start + 1);
  if (!(hours >= 0 && hours <= 15)) return false;
  if (rest === 3) return true;
  const colon = text.charCodeAt(start + 3) === 58 ? 1 : 0;
  const minutes = twoDigits(text, start + 3 + colon);
  return rest === 5 + colon && minutes >= 0 && minutes <= 59;
}

/** NaN-free: negative when the two characters are no digits. */
function twoDigits(text: string, at: number): number {
  const high = text.charCodeAt(at);
  const low = text.charCodeAt(at + 1);
  return isDigit(high) && isDigit(low) ? (high - zero) * 10 + low - zero : -1_000;
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}
