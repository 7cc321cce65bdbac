import { writeInt2, writeInt4, writeInt8 } from '../../tuple/binary-writers.ts';
import type { ByteWriter } from '../../tuple/byte-writer.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder, type FieldFailure, type PresentValue } from './field-encoder.ts';

/** Integers, reals without a fraction, booleans as 0 and 1, and text that is an integer as PostgreSQL prints it. */
export const encodeBigint: FieldEncoder = (value, out) => {
  const integer = typeof value === 'bigint' ? value : toInteger(value);
  if (integer === null) return wrongType(value);
  if (integer < smallestInt8 || integer > greatestInt8) return outOfRange('bigint');
  writeInt8(out, integer);
  return null;
};

export const encodeInteger: FieldEncoder = (value, out) => encodeSmall(value, out, 'integer', 0x7fffffff, writeInt4);

export const encodeSmallint: FieldEncoder = (value, out) => encodeSmall(value, out, 'smallint', 0x7fff, writeInt2);

const greatestInt8 = 2n ** 63n - 1n;
const smallestInt8 = -(2n ** 63n);
/** One spelling only, so that '007' and '+1' are not taken for 7 and 1. */
const plainInteger = /^(?:0|-?[1-9]\d{0,39})$/;

function encodeSmall(
  value: PresentValue,
  out: ByteWriter,
  type: string,
  greatest: number,
  write: (out: ByteWriter, value: number) => void,
): FieldFailure | null {
  const integer = typeof value === 'bigint' ? value : toInteger(value);
  if (integer === null) return wrongType(value);
  // Rounding of what is far beyond the range does not bring it back into it.
  const number = Number(integer);
  if (number > greatest || number < -greatest - 1) return outOfRange(type);
  write(out, number);
  return null;
}

function toInteger(value: PresentValue): bigint | null {
  switch (typeof value) {
    case 'bigint':
      return value;
    case 'number':
      return Number.isInteger(value) ? BigInt(value) : null;
    case 'boolean':
      return value ? 1n : 0n;
    case 'string':
      return plainInteger.test(value) ? BigInt(value) : null;
    default:
      return null;
  }
}

function wrongType(value: PresentValue): FieldFailure {
  return failure('wrong-type', `${describeValue(value)} is not an integer`);
}

function outOfRange(type: string): FieldFailure {
  return failure('out-of-range', `an integer is beyond the range of ${type}`);
}
