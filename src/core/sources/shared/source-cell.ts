import { isUtf8 } from 'node:buffer';
import type { Cell } from '../../model/rows.ts';
import { InvalidText, UnreadableRecord, type SourceValue } from '../../model/source-value.ts';

/** Integers as digits, reals so that they show that they are, bytes as x'…', wrong bytes of a text as \xff. */
export function sourceCell(value: SourceValue, mostCharacters: number): Cell {
  if (value === null) return null;
  if (typeof value === 'number') return realText(value);
  if (value instanceof InvalidText || value instanceof UnreadableRecord) return cut(visibleText(Buffer.from(value.bytes)), mostCharacters);
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value.buffer, value.byteOffset, Math.min(value.length, mostCharacters)).toString('hex');
    const characters = 3 + value.length * 2;
    return characters <= mostCharacters ? `x'${hex}'` : { text: `x'${hex}`.slice(0, mostCharacters), cut: characters };
  }
  return typeof value === 'string' ? cut(value, mostCharacters) : String(value);
}

/** The shortest text that reads back; 5 and 5.0 stay apart. */
export function realText(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text;
}

function cut(text: string, mostCharacters: number): Cell {
  if (text.length <= mostCharacters) return text;
  let characters = 0;
  for (const _ of text) characters++;
  if (characters <= mostCharacters) return text;
  // A copy: a slice would keep the whole text alive.
  const head = [...text.slice(0, mostCharacters * 2)].slice(0, mostCharacters);
  return { text: head.join(''), cut: characters };
}

/** Text in UTF-8; each byte that is not valid is shown as \xff. */
export function visibleText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  let good = 0;
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    text += `${bytes.toString('utf8', good, at)}\\x${bytes.toString('hex', at, at + 1)}`;
    good = ++at;
  }
  return text + bytes.toString('utf8', good);
}

/** Bytes of the valid character at `at`; 0 when there is none. */
function characterLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
