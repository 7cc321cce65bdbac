import { RecordFault } from '../record-fault.ts';
import { pythonText } from './byte-cursor.ts';
import type { RecordLimits } from './pickle-limits.ts';

/** Operands that protocol 0 writes as lines of text. */

export function decimalOf(text: string, { integerBytes }: RecordLimits): bigint {
  if (!/^-?\d+$/.test(text)) throw new RecordFault('it has an integer that is none');
  // A byte has less than 2.5 decimal digits.
  if (text.length > 2.5 * integerBytes) throw new RecordFault(`it has an integer of more than ${integerBytes} bytes`);
  return BigInt(text);
}

export function placeOf(text: string): number {
  const place = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(place)) throw new RecordFault('it refers to a value by something that is no number');
  return place;
}

/** As Python prints a float. */
export function floatOf(text: string): number {
  if (text === 'nan') return NaN;
  if (text === 'inf' || text === '-inf') return text === 'inf' ? Infinity : -Infinity;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw new RecordFault('it has a float that is none');
  return Number(text);
}

const plain: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** A byte string of Python 2 as it prints one: in quotes, with backslashes. */
export function quotedText(line: string): string {
  const quote = line[0];
  if ((quote !== "'" && quote !== '"') || line.length < 2 || !line.endsWith(quote)) throw new RecordFault('it has a text without quotes');
  const bytes = line.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|[^])/g, (whole: string, sign: string) => {
    if (sign.length === 3) return String.fromCharCode(Number.parseInt(sign.slice(1), 16));
    return plain[sign] ?? whole;
  });
  return pythonText(Buffer.from(bytes, 'latin1'));
}

/** Latin-1, with all that it does not know as \uXXXX or \UXXXXXXXX. */
export function unicodeText(line: string): string {
  return line.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g, (_, short: string | undefined, long: string | undefined) => {
    const code = Number.parseInt(short ?? long ?? '', 16);
    if (code > 0x10ffff) throw new RecordFault('it has a character that Unicode does not know');
    return String.fromCodePoint(code);
  });
}
