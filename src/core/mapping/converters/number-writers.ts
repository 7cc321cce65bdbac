import type { ColumnConversion, ConvertOptions } from '../../model/type-mapping.ts';
import type { NumberUnit } from '../../model/value-vector.ts';
import {
  greatestScaled,
  writeBool,
  writeFloat4,
  writeFloat8,
  writeInt2,
  writeInt4,
  writeInt8Number,
  writeScaledNumeric,
} from '../../tuple/binary-writers.ts';
import type { ByteWriter } from '../../tuple/byte-writer.ts';
import { isDay } from './encode-date-time.ts';

/** Writes the field of a number whose value the column takes without any change, and says true; writes nothing and says false for any other. */
export type NumberWriter = (number: number, scale: number, out: ByteWriter) => boolean;

/** By what the numbers are; where there is none, the column's encoder has the value. Both write the same bytes (read-chunks.test.ts). */
export type NumberWriters = Readonly<Partial<Record<NumberUnit, NumberWriter>>>;

export function numberWriters({ type, convert, rules }: ColumnConversion, { assumeTimeZone }: ConvertOptions): NumberWriters {
  if (convert.name !== 'auto' || rules !== undefined || type.arrayDepth > 0 || type.schema !== null) return {};
  const [precision = null, scale = 0] = type.modifiers;
  switch (type.name) {
    case 'smallint':
      return { integer: (number, _, out) => isInteger(number, 0x7fff) && written(writeInt2(out, number)) };
    case 'integer':
      return { integer: (number, _, out) => isInteger(number, 0x7fffffff) && written(writeInt4(out, number)) };
    case 'bigint':
      return { integer: (number, _, out) => written(writeInt8Number(out, number)) };
    case 'boolean':
      return { boolean: (number, _, out) => written(writeBool(out, number === 1)) };
    case 'real':
      return { single: (number, _, out) => written(writeFloat4(out, number)) };
    case 'double precision':
      return { single: writeDouble, double: writeDouble };
    case 'numeric':
      return { decimal: decimalWriter(precision, scale) };
    case 'date':
      return { day: (number, _, out) => isDay(number - days2000) && written(writeInt4(out, number - days2000)) };
    case 'timestamp':
    case 'timestamptz':
      return (precision ?? 6) < 6 || assumeTimeZone !== 'UTC' ? {} : { microsecond: writeInstant };
    default:
      return {};
  }
}

/** 2000-01-01 in days and microseconds since 1970. */
const days2000 = 10_957;
const micros2000 = 946_684_800_000_000;

function isInteger(number: number, greatest: number): boolean {
  return number <= greatest && number >= -greatest - 1;
}

function writeDouble(number: number, _: number, out: ByteWriter): boolean {
  return written(writeFloat8(out, number));
}

function writeInstant(number: number, _: number, out: ByteWriter): boolean {
  const instant = number - micros2000;
  return Number.isSafeInteger(instant) && written(writeInt8Number(out, instant));
}

function decimalWriter(precision: number | null, scale: number): NumberWriter {
  const greatest = Math.min(greatestScaled, 10 ** (precision ?? 15) - 1);
  return (number, places, out) => {
    if (places > 8 || (precision !== null && places !== scale) || Math.abs(number) > greatest) return false;
    return written(writeScaledNumeric(out, number, places));
  };
}

function written(_: void): true {
  return true;
}
