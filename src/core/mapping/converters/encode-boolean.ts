import { writeBool } from '../../tuple/binary-writers.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder, type PresentValue } from './field-encoder.ts';

/** 0 and 1, and the words that PostgreSQL reads as boolean, in any case. */
export const encodeBoolean: FieldEncoder = (value, out) => {
  const known = toBoolean(value);
  if (known === undefined) return failure('wrong-type', `${describeValue(value)} is not a boolean (0, 1, true or false)`);
  writeBool(out, known);
  return null;
};

const words: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'true', 'y', 'yes', 'on'].map((word) => [word, true] as const),
  ...['0', 'f', 'false', 'n', 'no', 'off'].map((word) => [word, false] as const),
]);

function toBoolean(value: PresentValue): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 0n || value === 0) return false;
  if (value === 1n || value === 1) return true;
  return typeof value === 'string' ? words.get(value.toLowerCase()) : undefined;
}
