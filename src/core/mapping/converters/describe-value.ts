import { InvalidText } from '../../model/source-value.ts';
import type { PresentValue } from './field-encoder.ts';
import { plural } from '../../model/plural.ts';

/** The kind of a value in words, without the value: "a text of 3 characters". */
export function describeValue(value: PresentValue): string {
  if (typeof value === 'bigint') return 'an integer';
  if (typeof value === 'number') return describeNumber(value);
  if (typeof value === 'boolean') return 'a boolean';
  if (value instanceof InvalidText) return `a text of ${plural(value.bytes.length, 'byte')} that is not valid`;
  if (value instanceof Uint8Array) return `a blob of ${plural(value.length, 'byte')}`;
  return value === '' ? 'an empty text' : `a text of ${plural(value.length, 'character')}`;
}

function describeNumber(value: number): string {
  if (!Number.isFinite(value)) return `a real number that is ${value}`;
  return Number.isInteger(value) ? 'a real number' : 'a real number with a fraction';
}
