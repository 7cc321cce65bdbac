import { writeBits } from '../../tuple/binary-writers.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder, type FieldSetting } from './field-encoder.ts';

/** bit varying(n): texts of the digits 0 and 1. */
export function bitsEncoder({ column }: FieldSetting): FieldEncoder {
  const limit = column.type.modifiers[0] ?? Infinity;
  return (value, out) => {
    if (typeof value !== 'string' || !/^[01]*$/.test(value))
      return failure('wrong-type', `${describeValue(value)} is not a string of bits`);
    if (value.length > limit) return failure('too-long', `${value.length} bits do not fit ${limit}`);
    writeBits(out, value);
    return null;
  };
}
