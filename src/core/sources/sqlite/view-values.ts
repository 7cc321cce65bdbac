import type { ExportValue } from '../../model/export-value.ts';
import type { Cell } from '../../model/rows.ts';
import { realText, visibleText } from '../shared/source-cell.ts';
import type { TextEncoding } from './invalid-text.ts';
import { quoteName } from '../shared/quote-name.ts';

export type FetchedValue = null | bigint | number | string | Uint8Array;

/** No character has more bytes, in UTF-8 and in UTF-16. */
const bytesOfCharacter = 4;

/**
 * Two expressions for a column: its value (texts as bytes, because the driver replaces what is not valid), and what it is: t for text, b for bytes,
 * then for long ones the characters and bytes of the whole; NULL for numbers. `mostCharacters` null = whole values.
 */
export function cellExpressions(column: string, mostCharacters: number | null): readonly [value: string, nature: string] {
  const name = quoteName(column);
  if (mostCharacters === null)
    return [`CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) ELSE ${name} END`, natureOf(name, `''`, `''`)];
  const bytes = (mostCharacters + 1) * bytesOfCharacter;
  return [
    `CASE typeof(${name}) WHEN 'text' THEN substr(CAST(${name} AS BLOB), 1, ${bytes}) WHEN 'blob' THEN substr(${name}, 1, ${bytes}) ELSE ${name} END`,
    natureOf(
      name,
      `CASE WHEN octet_length(${name}) > ${bytes} THEN length(${name}) || ':' || octet_length(${name}) ELSE '' END`,
      `octet_length(${name})`,
    ),
  ];
}

function natureOf(name: string, text: string, bytes: string): string {
  return `CASE typeof(${name}) WHEN 'text' THEN 't' || ${text} WHEN 'blob' THEN 'b' || ${bytes} END`;
}

export function toCell(value: FetchedValue, nature: string | null, mostCharacters: number, encoding: TextEncoding): Cell {
  if (value === null && nature === null) return null;
  if (nature?.startsWith('b') === true) return bytesCell(asBytes(value), Number(nature.slice(1)), mostCharacters);
  if (nature?.startsWith('t') === true) return textCell(asBytes(value), nature.slice(1), mostCharacters, encoding);
  return numberText(value);
}

export function toExportValue(value: FetchedValue, nature: string | null, encoding: TextEncoding): ExportValue {
  if (value === null && nature === null) return null;
  if (nature?.startsWith('b') === true) return { hex: hexOf(asBytes(value)) };
  if (nature?.startsWith('t') === true) return decodeText(asBytes(value), encoding);
  const text = numberText(value);
  const exact = typeof value === 'number' ? Number.isFinite(value) : Number.isSafeInteger(Number(value));
  return exact ? { literal: text } : text;
}

function bytesCell(bytes: Uint8Array, length: number, mostCharacters: number): Cell {
  const characters = 3 + length * 2;
  const text = `x'${hexOf(bytes)}'`;
  return characters <= mostCharacters ? text : { text: text.slice(0, mostCharacters), cut: characters };
}

function textCell(bytes: Uint8Array, whole: string, mostCharacters: number, encoding: TextEncoding): Cell {
  if (whole === '') {
    const text = decodeText(bytes, encoding);
    if (text.length <= mostCharacters) return text;
    const characters = [...text];
    return characters.length <= mostCharacters ? text : { text: characters.slice(0, mostCharacters).join(''), cut: characters.length };
  }
  const [characters = 0, octets = 0] = whole.split(':').map(Number);
  const text = [...decodeText(withoutCutCharacter(bytes, encoding), encoding)].slice(0, mostCharacters).join('');
  // SQLite counts the characters of a text only up to a NUL.
  return { text, cut: characters > mostCharacters ? characters : octets };
}

/** substr makes NULL of no bytes at all. */
function asBytes(value: FetchedValue): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

function numberText(value: FetchedValue): string {
  return typeof value === 'number' ? realText(value) : String(value);
}

function withoutCutCharacter(bytes: Uint8Array, encoding: TextEncoding): Uint8Array {
  if (encoding !== 'UTF-8') return bytes.subarray(0, bytes.length - (bytes.length % 2));
  let start = bytes.length - 1;
  while (start > 0 && bytes.length - start < bytesOfCharacter && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  return bytes.subarray(0, start);
}

/** The text; where its bytes are not valid UTF-8, each wrong one is shown as \xff. */
function decodeText(bytes: Uint8Array, encoding: TextEncoding): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (encoding === 'UTF-8') return visibleText(buffer);
  const units = buffer.subarray(0, buffer.length & ~1);
  return (encoding === 'UTF-16le' ? units : Buffer.from(units).swap16()).toString('utf16le').toWellFormed();
}
