import { InvalidText, type SourceValue } from '../../model/source-value.ts';
import { quoteText } from '../shared/quote-name.ts';

/**
 * One value of a key: storage class (i integer, r real, t text, x bytes of invalid text in hexadecimal, b blob in hexadecimal), text, and the
 * collation it is ordered by. Exact, and able to survive JSON.
 */
type Tagged = readonly [tag: 'i' | 'r' | 't' | 'x' | 'b', text: string, collation: string];

export interface KeyValue {
  readonly value: SourceValue;
  readonly collation: string;
}

/** A key as a cursor. */
export function writeKey(key: readonly KeyValue[]): string {
  return JSON.stringify(key.map(({ value, collation }) => [...tagged(value), collation]));
}

/** A cursor's key; null when the text is no such cursor. */
export function readKey(cursor: string): readonly KeyValue[] | null {
  try {
    return (JSON.parse(cursor) as readonly Tagged[]).map(([tag, text, collation]) => ({ value: untagged(tag, text), collation }));
  } catch {
    return null;
  }
}

/** A key for people: 'abc', 17. Two keys never read the same, and no character of a key can end the text early. */
export function describeKey(key: readonly KeyValue[]): string {
  return key.map(({ value }) => describe(value)).join(', ');
}

function describe(value: SourceValue): string {
  if (typeof value === 'string' && !value.includes('\0')) return quoteText(value);
  if (typeof value === 'string') return `text x'${Buffer.from(value).toString('hex')}'`;
  if (value instanceof InvalidText) return `text x'${tagged(value)[1]}'`;
  return value instanceof Uint8Array ? `x'${tagged(value)[1]}'` : String(value);
}

function tagged(value: SourceValue): readonly [Tagged[0], string] {
  if (typeof value === 'bigint') return ['i', String(value)];
  if (typeof value === 'number') return ['r', Object.is(value, -0) ? '-0' : String(value)];
  if (typeof value === 'string') return ['t', value];
  if (value instanceof InvalidText) return ['x', Buffer.from(value.bytes).toString('hex')];
  return ['b', Buffer.from(value as Uint8Array).toString('hex')];
}

function untagged(tag: Tagged[0], text: string): SourceValue {
  switch (tag) {
    case 'i':
      return BigInt(text);
    case 'r':
      return Number(text);
    case 't':
      return text;
    case 'x':
      return new InvalidText(Buffer.from(text, 'hex'));
    case 'b':
      return Buffer.from(text, 'hex');
  }
}
