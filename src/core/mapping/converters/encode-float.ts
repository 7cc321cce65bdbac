import { writeFloat4, writeFloat8 } from '../../tuple/binary-writers.ts';
import { Decimal } from '../../tuple/decimal.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder, type FieldSetting, type PresentValue } from './field-encoder.ts';

/** Every real with its bits; integers and decimal texts that are exact, others rounded and counted (texts) or turned away (integers). */
export function doubleEncoder({ count }: FieldSetting): FieldEncoder {
  return (value, out) => {
    if (typeof value === 'number') {
      writeFloat8(out, value);
      return null;
    }
    const number = toNumber(value);
    if (number === null) return failure('wrong-type', `${describeValue(value)} is not a number`);
    if (!isExact(value, number)) {
      if (typeof value === 'bigint' || !Number.isFinite(number))
        return failure('out-of-range', `${describeValue(value)} has no exact double precision value`);
      count('rounded');
    }
    if (typeof value === 'bigint') count('integer as real');
    writeFloat8(out, number);
    return null;
  };
}

/** As doubleEncoder, but to 32 bits: what does not fit into them is rounded and counted. */
export function realEncoder({ count }: FieldSetting): FieldEncoder {
  return (value, out) => {
    const number = typeof value === 'number' ? value : toNumber(value);
    if (number === null) return failure('wrong-type', `${describeValue(value)} is not a number`);
    const single = Math.fround(number);
    const exact = isExact(value, number);
    if (!exact && (typeof value === 'bigint' || !Number.isFinite(number)))
      return failure('out-of-range', `${describeValue(value)} has no exact value`);
    if (!Number.isFinite(single) && Number.isFinite(number))
      return failure('out-of-range', `${describeValue(value)} is beyond the range of real`);
    if (!exact || !Object.is(single, number)) count('rounded');
    writeFloat4(out, single);
    return null;
  };
}

const decimal = new Decimal();
const specials: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ...['inf', '+inf', 'infinity', '+infinity'].map((word) => [word, Infinity] as const),
  ...['-inf', '-infinity'].map((word) => [word, -Infinity] as const),
]);

/** null when the value is not a number at all. */
function toNumber(value: PresentValue): number | null {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return null;
  return decimal.parse(value) ? Number(value) : (specials.get(value.toLowerCase()) ?? null);
}

/** `number` says the same as `value`, read as a decimal. */
function isExact(value: PresentValue, number: number): boolean {
  if (typeof value === 'bigint') return Number.isFinite(number) && BigInt(number) === value;
  if (typeof value !== 'string' || !decimal.parse(value)) return true;
  const written = decimal.plainText();
  return decimal.parse(String(number)) && decimal.plainText() === written;
}
