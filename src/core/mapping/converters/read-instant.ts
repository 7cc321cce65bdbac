import type { ConverterName } from '../../model/type-mapping.ts';
import { Decimal } from '../../tuple/decimal.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldFailure, type FieldSetting, type PresentValue } from './field-encoder.ts';
import { DateTime, dayMicros } from './parse-date-time.ts';

/** Microseconds since 2000-01-01 00:00 UTC: a number where it is exact, else a bigint; ±Infinity for PostgreSQL's infinities. */
export type Instant = number | bigint;

export type InstantReader = (value: PresentValue) => Instant | FieldFailure;

/** How a column's values name an instant, by its converter; null when the converter has nothing to do with time. */
export function instantReader({ column, count }: FieldSetting): InstantReader | null {
  const name: ConverterName = column.convert.name;
  switch (name) {
    case 'auto':
      return textReader(count);
    case 'epoch-s':
      return epochReader(6, count);
    case 'epoch-ms':
      return epochReader(3, count);
    case 'epoch-us':
      return epochReader(0, count);
    case 'julian':
      return julianReader(count);
    default:
      return null;
  }
}

/** 2000-01-01 in microseconds since 1970. */
const epoch2000 = 946_684_800_000_000n;
/** 2000-01-01 00:00 as a Julian day number. */
const julian2000 = 2_451_544.5;
const dayMillis = 86_400_000;
/** Limits of timestamp in microseconds since 2000. */
const first = -211_813_488_000_000_000n;
const last = 9_223_371_331_199_999_999n;
/** Within so many days from 2000 microseconds are exact in a double. */
const exactDays = 100_000;
const plainInteger = /^-?\d{1,19}$/;

function textReader(count: FieldSetting['count']): InstantReader {
  const parsed = new DateTime();
  return (value) => {
    if (typeof value !== 'string')
      return failure('wrong-type', `${describeValue(value)} is not a date or time as text; the column needs a converter`);
    if (!parsed.parseDateTime(value))
      return infinityOf(value) ?? failure('invalid-date', `${describeValue(value)} is not a real date and time`);
    if (parsed.finer) count('rounded');
    if (Math.abs(parsed.days) < exactDays) return parsed.days * dayMicros + parsed.micros;
    return BigInt(parsed.days) * BigInt(dayMicros) + BigInt(parsed.micros);
  };
}

function infinityOf(text: string): number | null {
  const word = text.toLowerCase();
  return word === 'infinity' ? Infinity : word === '-infinity' ? -Infinity : null;
}

/** `places`: decimal places of the number down to microseconds. A real counts as its shortest decimal text, which is the one that was meant. */
function epochReader(places: number, count: FieldSetting['count']): InstantReader {
  const unit = 10n ** BigInt(places);
  const decimal = new Decimal();
  return (value) => {
    const number = typeof value === 'string' && plainInteger.test(value) ? BigInt(value) : value;
    if (typeof number === 'bigint') return exactInstant(number * unit - epoch2000);
    if (typeof number !== 'number') return failure('wrong-type', `${describeValue(value)} is not a number of seconds or parts of them`);
    if (!Number.isFinite(number)) return failure('not-finite', `${describeValue(value)} is no instant`);
    if (Number.isInteger(number)) return exactInstant(BigInt(number) * unit - epoch2000);
    decimal.parse(String(number));
    decimal.shift(places);
    if (decimal.round(0)) count('rounded');
    return exactInstant(BigInt(decimal.plainText()) - epoch2000);
  };
}

/** To the millisecond, as SQLite keeps Julian days: more is not in a double of that size. Counted where SQLite would not give back the same number. */
function julianReader(count: FieldSetting['count']): InstantReader {
  return (value) => {
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number !== 'number') return failure('wrong-type', `${describeValue(value)} is not a Julian day number`);
    if (!Number.isFinite(number)) return failure('not-finite', `${describeValue(value)} is no instant`);
    const milliseconds = Math.round((number - julian2000) * dayMillis);
    if ((milliseconds + julian2000 * dayMillis) / dayMillis !== number) count('rounded');
    return exactInstant(BigInt(milliseconds) * 1000n);
  };
}

/** Within what PostgreSQL's timestamp holds, its infinities included. */
export function isTimestamp(instant: Instant): boolean {
  return instant === Infinity || instant === -Infinity || (instant >= first && instant <= last);
}

function exactInstant(micros: bigint): Instant | FieldFailure {
  if (!isTimestamp(micros)) return failure('out-of-range', 'an instant is beyond the range of timestamp');
  const number = Number(micros);
  return Number.isSafeInteger(number) ? number : micros;
}
