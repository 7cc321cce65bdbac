import { greatestScaled, writeNumeric, writeNumericSpecial, writeScaledNumeric } from '../../tuple/binary-writers.ts';
import type { ByteWriter } from '../../tuple/byte-writer.ts';
import { Decimal } from '../../tuple/decimal.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder, type FieldFailure, type FieldSetting, type PresentValue } from './field-encoder.ts';

/**
 * Integers, decimal texts, and reals by their shortest decimal text, which is the one that people see. With a scale the value is rounded half
 * away from zero as PostgreSQL does, and counted; what then does not fit the precision is turned away.
 */
export function numericEncoder({ column, count }: FieldSetting): FieldEncoder {
  const precision = column.type.modifiers[0] ?? null;
  const scale = column.type.modifiers[1] ?? 0;
  const decimal = new Decimal();
  const writeShort = shortWriter(precision, scale);
  return (value, out) => {
    if (typeof value === 'number' && writeShort(value, out)) return null;
    if (typeof value === 'number' && !Number.isFinite(value)) return encodeNonFinite(value, out, precision);
    const text = toDecimalText(value);
    if (text === null || !decimal.parse(text)) return failure('wrong-type', `${describeValue(value)} is not a decimal number`);
    if (!decimal.fitsNumeric()) return failure('out-of-range', `${describeValue(value)} is beyond the range of numeric`);
    if (precision === null) {
      writeNumeric(out, decimal, decimal.scale);
      return null;
    }
    const rounded = decimal.round(scale);
    if (decimal.count > 0 && decimal.point > precision - scale)
      return failure('out-of-range', `${describeValue(value)} is beyond numeric(${precision},${scale})`);
    if (rounded) count('rounded');
    writeNumeric(out, decimal, decimal.scale);
    return null;
  };
}

/**
 * Writes a real whose shortest decimal text has no more places than the scale, without making that text. At most 15 digits that give back the
 * same real are its shortest text, because two such texts never name one real.
 */
function shortWriter(precision: number | null, scale: number): (value: number, out: ByteWriter) => boolean {
  if (scale < 0 || scale > 8) return () => false;
  const unit = 10 ** scale;
  const greatest = Math.min(greatestScaled, 10 ** (precision ?? 15) - 1);
  return (value, out) => {
    const scaled = Math.round(value * unit);
    // False for NaN and the infinities too.
    if (!(Math.abs(scaled) <= greatest) || scaled / unit !== value) return false;
    writeScaledNumeric(out, scaled, scale);
    return true;
  };
}

function toDecimalText(value: PresentValue): string | null {
  switch (typeof value) {
    case 'bigint':
    case 'number':
      return String(value);
    case 'string':
      return value;
    default:
      return null;
  }
}

function encodeNonFinite(value: number, out: ByteWriter, precision: number | null): FieldFailure | null {
  if (Number.isNaN(value)) writeNumericSpecial(out, 'NaN');
  else if (precision !== null) return failure('out-of-range', 'an infinite number does not fit a numeric with a precision');
  else writeNumericSpecial(out, value > 0 ? 'Infinity' : '-Infinity');
  return null;
}
