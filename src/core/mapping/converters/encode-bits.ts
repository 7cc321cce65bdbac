import { plural } from '../../model/plural.ts';
import { writeBits, writePackedBits } from '../../tuple/binary-writers.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder, type FieldFailure, type FieldSetting } from './field-encoder.ts';

/**
 * bit(n) and bit varying(n): texts of the digits 0 and 1, and blobs of packed bits (embeddings of one bit per element). `packed-bits`, which `auto` takes a
 * blob for, has the first element in the highest bit of a byte, as numpy.packbits writes it; `packed-bits-low` in the lowest, as sqlite-vec does.
 */
export function bitsEncoder({ column }: FieldSetting): FieldEncoder {
  const { type, convert } = column;
  const limit = type.modifiers[0] ?? (type.name === 'bit' ? 1 : Infinity);
  const isFixed = type.name === 'bit';
  const lowFirst = convert.name === 'packed-bits-low';
  return (value, out) => {
    if (value instanceof Uint8Array) {
      const bits = isFixed && Math.ceil(limit / 8) === value.length ? limit : value.length * 8;
      const fault = lengthFailure(bits, limit, isFixed);
      if (fault === null) writePackedBits(out, value, bits, lowFirst);
      return fault;
    }
    if (convert.name !== 'auto' || typeof value !== 'string' || !/^[01]*$/.test(value))
      return failure('wrong-type', `${describeValue(value)} is not a string of bits`);
    const fault = lengthFailure(value.length, limit, isFixed);
    if (fault === null) writeBits(out, value);
    return fault;
  };
}

function lengthFailure(bits: number, limit: number, isFixed: boolean): FieldFailure | null {
  if (isFixed && bits !== limit) return failure('wrong-dimensions', `${plural(bits, 'bit')} instead of ${limit}`);
  return bits > limit ? failure('too-long', `${bits} bits do not fit ${limit}`) : null;
}
