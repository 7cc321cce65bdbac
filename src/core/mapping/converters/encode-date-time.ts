import { MigrationError } from '../../errors.ts';
import { writeInt4, writeInt8, writeInt8Number, writeTimeTz } from '../../tuple/binary-writers.ts';
import type { ByteWriter } from '../../tuple/byte-writer.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder, type FieldSetting } from './field-encoder.ts';
import { DateTime, dayMicros } from './parse-date-time.ts';
import { instantReader, isTimestamp, type Instant, type InstantReader } from './read-instant.ts';
import { unsupportedConverter } from './unsupported-converter.ts';

/**
 * timestamp and timestamptz. A text without a zone is UTC, one with a zone becomes the instant it names (for `timestamp`: that instant's wall clock
 * in UTC). `timestamp(p)` rounds as PostgreSQL does, and counts.
 */
export function timestampEncoder(setting: FieldSetting): FieldEncoder {
  const read = requireReader(setting);
  const round = instantRounder(setting);
  return (value, out) => {
    const instant = read(value);
    if (typeof instant === 'object') return instant;
    if (!isTimestamp(instant)) return failure('out-of-range', `${describeValue(value)} is beyond the range of ${setting.column.type.name}`);
    writeInstant(out, round(instant));
    return null;
  };
}

/** date: a day, or an instant that is a midnight in UTC. */
export function dateEncoder(setting: FieldSetting): FieldEncoder {
  const read = requireReader(setting);
  return (value, out) => {
    const instant = read(value);
    if (typeof instant === 'object') return instant;
    if (instant === Infinity || instant === -Infinity) writeInt4(out, instant > 0 ? greatestInt4 : smallestInt4);
    else {
      const days = wholeDays(instant);
      if (days === null) return failure('invalid-date', `${describeValue(value)} has a time of day, which a date cannot hold`);
      if (!isDay(days)) return failure('out-of-range', `${describeValue(value)} is beyond the range of date`);
      writeInt4(out, days);
    }
    return null;
  };
}

/** time: `HH:MM[:SS[.f…]]`. */
export function timeEncoder(setting: FieldSetting): FieldEncoder {
  if (setting.column.convert.name !== 'auto') throw unsupportedConverter(setting);
  const round = instantRounder(setting);
  const parsed = new DateTime();
  return (value, out) => {
    if (typeof value !== 'string') return failure('wrong-type', `${describeValue(value)} is not a time as text`);
    if (!parsed.parseTime(value)) return failure('invalid-date', `${describeValue(value)} is not a real time`);
    if (parsed.finer) setting.count('rounded');
    writeInstant(out, round(parsed.micros));
    return null;
  };
}

/** time with time zone: a time, then Z, ±HH, ±HH:MM or ±HH:MM:SS. */
export function timeTzEncoder(setting: FieldSetting): FieldEncoder {
  const round = instantRounder(setting);
  const parsed = new DateTime();
  return (value, out) => {
    if (typeof value !== 'string') return failure('wrong-type', `${describeValue(value)} is not a time as text`);
    const [, time = '', zone = ''] = /^([\d:.]+)(Z|[+-]\d\d(?::\d\d){0,2})$/i.exec(value) ?? [];
    const west = zoneWest(zone);
    if (west === null || !parsed.parseTime(time)) return failure('invalid-date', `${describeValue(value)} is not a real time with a zone`);
    if (parsed.finer) setting.count('rounded');
    writeTimeTz(out, Number(round(parsed.micros)), west);
    return null;
  };
}

/** Seconds; null when PostgreSQL has no such zone. */
function zoneWest(zone: string): number | null {
  if (/^z$/i.test(zone)) return 0;
  const [hours = NaN, minutes = 0, seconds = 0] = zone.slice(1).split(':').map(Number);
  if (!(hours <= 15 && minutes <= 59 && seconds <= 59)) return null;
  return (zone.startsWith('-') ? 1 : -1) * ((hours * 60 + minutes) * 60 + seconds);
}

/** 4714-11-24 BC and 5874897-12-31 in days since 2000. */
const firstDay = -2_451_545;
const lastDay = 2_145_031_948;

const greatestInt4 = 0x7fffffff;
const smallestInt4 = -0x80000000;
const greatestInt8 = 2n ** 63n - 1n;
const smallestInt8 = -(2n ** 63n);

function requireReader(setting: FieldSetting): InstantReader {
  const read = instantReader(setting);
  if (read === null) throw unsupportedConverter(setting);
  const zone = setting.options.assumeTimeZone;
  if (zone === 'UTC' || setting.column.type.name !== 'timestamptz' || setting.column.convert.name !== 'auto') return read;
  throw new MigrationError('unsupported-plan-feature', {
    context: { column: setting.column.to, feature: 'assumeTimeZone', detail: `assumeTimeZone "${zone}"; only "UTC" can be assumed so far` },
  });
}

/** Within what PostgreSQL's date holds; days since 2000. */
export function isDay(days: number): boolean {
  return days >= firstDay && days <= lastDay;
}

/** null when there is a time of day. */
function wholeDays(instant: Instant): number | null {
  if (typeof instant === 'bigint') return instant % BigInt(dayMicros) === 0n ? Number(instant / BigInt(dayMicros)) : null;
  return Number.isInteger(instant / dayMicros) ? instant / dayMicros : null;
}

/** Rounds to the type's precision, half away from zero. */
function instantRounder({ column, count }: FieldSetting): (instant: Instant) => Instant {
  const precision = column.type.modifiers[0] ?? 6;
  if (precision >= 6) return (instant) => instant;
  const unit = 10 ** (6 - precision);
  return (instant) => {
    const rest = Number(typeof instant === 'bigint' ? instant % BigInt(unit) : instant % unit);
    if (rest === 0 || Number.isNaN(rest)) return instant;
    count('rounded');
    const change = 2 * Math.abs(rest) < unit ? -rest : Math.sign(rest) * unit - rest;
    return typeof instant === 'bigint' ? instant + BigInt(change) : instant + change;
  };
}

function writeInstant(out: ByteWriter, instant: Instant): void {
  if (typeof instant === 'bigint') writeInt8(out, instant);
  else if (Number.isFinite(instant)) writeInt8Number(out, instant);
  else writeInt8(out, instant > 0 ? greatestInt8 : smallestInt8);
}
