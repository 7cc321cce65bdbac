import type { PgType } from '../model/pg-type.ts';
import type { Cell } from '../model/rows.ts';
import { decodeField } from './field-text.ts';
import { fromFloat16Bits } from './float16.ts';

/** A field of a binary tuple as a cell: vectors as numbers, everything else as text, cut at `most` characters. `length` -1 is NULL. */
export function fieldCell(type: PgType, buffer: Buffer, start: number, length: number, most: number): Cell {
  if (length < 0) return null;
  if (type.name === 'vector') return vectorCell(buffer, start, (at) => buffer.readFloatBE(start + 4 + at * 4));
  if (type.name === 'halfvec') return vectorCell(buffer, start, (at) => fromFloat16Bits(buffer.readUInt16BE(start + 4 + at * 2)));
  const text = decodeField(type, buffer, start, length, most);
  if (text.length <= most) return text;
  const shown = [...text].slice(0, most).join('');
  if (type.name === 'bytea') return { text: shown, cut: 2 + length * 2 };
  const characters = charactersIn(buffer, type.name === 'jsonb' ? start + 1 : start, start + length);
  return characters <= most ? text : { text: shown, cut: characters };
}

function vectorCell(buffer: Buffer, start: number, componentAt: (at: number) => number): Cell {
  const dimensions = buffer.readInt16BE(start);
  return { dimensions, values: Float32Array.from({ length: dimensions }, (_, at) => componentAt(at)) };
}

/** Bytes of UTF-8 that begin a character. */
function charactersIn(buffer: Buffer, start: number, end: number): number {
  let characters = 0;
  for (let at = start; at < end; at++) if (((buffer[at] as number) & 0xc0) !== 0x80) characters++;
  return characters;
}
