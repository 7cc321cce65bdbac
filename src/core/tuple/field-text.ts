import { floatText } from '../model/cell-text.ts';
import type { PgType } from '../model/pg-type.ts';
import { fromFloat16Bits } from './float16.ts';

/** What people see of a field of a binary tuple, much as PostgreSQL prints it (instants in UTC). Long values are cut with an ellipsis. `length` -1 is NULL. */
export function fieldText(type: PgType, buffer: Buffer, start: number, length: number): string | null {
  if (length < 0) return null;
  const text = decodeField(type, buffer, start, length, mostCharacters);
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}… (${length} bytes)` : text;
}

/** The text of a field that is not NULL; of texts, JSON and bytes only a little more than the first `most` characters. */
export function decodeField(type: PgType, buffer: Buffer, start: number, length: number, most: number): string {
  if (type.arrayDepth > 0) return arrayText(type, buffer, start, most);
  const decode = (type.schema === null ? decoders : vectorDecoders).get(type.name) ?? decodeText;
  return decode(buffer, start, length, most);
}

const mostCharacters = 200;
const mostElements = 12;
const dayMillis = 86_400_000;
/** 2000-01-01 in milliseconds since 1970. */
const epoch2000 = 946_684_800_000;

type Decoder = (buffer: Buffer, start: number, length: number, most: number) => string;

/** pgvector may live in any schema. */
const vectorDecoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['vector', (buffer, start) => elementsText(buffer, start, (at) => String(buffer.readFloatBE(at)), 4)],
  ['halfvec', (buffer, start) => elementsText(buffer, start, (at) => String(fromFloat16Bits(buffer.readUInt16BE(at))), 2)],
]);

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['boolean', (buffer, start) => String(buffer[start] === 1)],
  ['smallint', (buffer, start) => String(buffer.readInt16BE(start))],
  ['integer', (buffer, start) => String(buffer.readInt32BE(start))],
  ['bigint', (buffer, start) => String(buffer.readBigInt64BE(start))],
  ['real', (buffer, start) => floatText(buffer.readFloatBE(start))],
  ['double precision', (buffer, start) => numberText(buffer.readDoubleBE(start))],
  ['numeric', decodeNumeric],
  ['bytea', (buffer, start, length, most) => `\\x${buffer.toString('hex', start, start + Math.min(length, most))}`],
  ['uuid', (buffer, start) => buffer.toString('hex', start, start + 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')],
  ['jsonb', (buffer, start, length, most) => decodeText(buffer, start + 1, length - 1, most)],
  ['date', decodeDate],
  ['time', (buffer, start) => timeText(buffer.readBigInt64BE(start))],
  ['timetz', (buffer, start) => timeText(buffer.readBigInt64BE(start)) + zoneText(-buffer.readInt32BE(start + 8))],
  ['interval', decodeInterval],
  ['bit', decodeBits],
  ['bit varying', decodeBits],
  ['timestamp', decodeTimestamp],
  ['timestamptz', (buffer, start) => `${decodeTimestamp(buffer, start)}${isInfinite(buffer.readBigInt64BE(start)) ? '' : '+00'}`],
  ...vectorDecoders,
]);

function decodeText(buffer: Buffer, start: number, length: number, most: number): string {
  return buffer.toString('utf8', start, start + Math.min(length, most * 4 + 4));
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** int16 groups, int16 weight, uint16 sign, uint16 display scale, then base-10000 groups. */
function decodeNumeric(buffer: Buffer, start: number): string {
  const groups = buffer.readInt16BE(start);
  const weight = buffer.readInt16BE(start + 2);
  const sign = buffer.readUInt16BE(start + 4);
  const scale = buffer.readUInt16BE(start + 6);
  if (sign === 0xc000) return 'NaN';
  if (sign >= 0xd000) return sign === 0xd000 ? 'Infinity' : '-Infinity';
  const group = (i: number): string => (i >= 0 && i < groups ? buffer.readInt16BE(start + 8 + i * 2) : 0).toString().padStart(4, '0');
  let whole = '';
  for (let i = 0; i <= weight; i++) whole += group(i);
  let fraction = '';
  for (let i = weight + 1; fraction.length < scale; i++) fraction += group(i);
  return `${sign === 0x4000 ? '-' : ''}${whole.replace(/^0+/, '') || '0'}${scale > 0 ? `.${fraction.slice(0, scale)}` : ''}`;
}

function decodeDate(buffer: Buffer, start: number): string {
  const days = buffer.readInt32BE(start);
  if (days === 0x7fffffff) return 'infinity';
  return days === -0x80000000 ? '-infinity' : dayText(days);
}

function decodeTimestamp(buffer: Buffer, start: number): string {
  const micros = buffer.readBigInt64BE(start);
  if (isInfinite(micros)) return micros > 0n ? 'infinity' : '-infinity';
  const dayMicros = BigInt(dayMillis) * 1000n;
  const rest = ((micros % dayMicros) + dayMicros) % dayMicros;
  return `${dayText(Number((micros - rest) / dayMicros))} ${timeText(rest)}`;
}

function isInfinite(micros: bigint): boolean {
  return micros === 2n ** 63n - 1n || micros === -(2n ** 63n);
}

/** Dates beyond those of JavaScript are shown as a number of days. */
function dayText(days: number): string {
  const date = new Date(epoch2000 + days * dayMillis);
  return Number.isNaN(date.getTime()) ? `2000-01-01 + ${days} days` : date.toISOString().replace(/T.*/, '').replace(/^\+0*/, '');
}

function timeText(micros: bigint): string {
  const seconds = Number(micros / 1_000_000n);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'));
  const fraction = String(micros % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return parts.join(':') + (fraction === '' ? '' : `.${fraction}`);
}

function zoneText(east: number): string {
  const size = Math.abs(east);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  while (parts.length > 1 && parts.at(-1) === 0) parts.pop();
  return `${east < 0 ? '-' : '+'}${parts.map((part) => String(part).padStart(2, '0')).join(':')}`;
}

/** The three parts that PostgreSQL keeps. */
function decodeInterval(buffer: Buffer, start: number): string {
  const micros = buffer.readBigInt64BE(start);
  const time = `${micros < 0n ? '-' : ''}${timeText(micros < 0n ? -micros : micros)}`;
  return `${buffer.readInt32BE(start + 12)} mons ${buffer.readInt32BE(start + 8)} days ${time}`;
}

function decodeBits(buffer: Buffer, start: number, length: number, most: number): string {
  const bytes = buffer.subarray(start + 4, start + Math.min(length, 4 + Math.ceil(most / 8) + 1));
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .slice(0, buffer.readInt32BE(start));
}

/** `{1,NULL,3}`, of two dimensions `{{1},{2}}`; long ones are not read to their end. */
function arrayText(type: PgType, buffer: Buffer, start: number, most: number): string {
  const lengths = Array.from({ length: buffer.readInt32BE(start) }, (_, i) => buffer.readInt32BE(start + 12 + i * 8));
  if (lengths.length === 0) return '{}';
  const inner = lengths.at(-1) ?? 1;
  const count = lengths.reduce((product, length) => product * length, 1);
  const element = { ...type, arrayDepth: 0 };
  let at = start + 12 + lengths.length * 8;
  let text = '';
  for (let i = 0; i < count && text.length <= most; i++) {
    const length = buffer.readInt32BE(at);
    const separator = i === 0 ? '' : lengths.length > 1 && i % inner === 0 ? '},{' : ',';
    text += separator + (length < 0 ? 'NULL' : decodeField(element, buffer, at + 4, length, most));
    at += 4 + Math.max(0, length);
  }
  return lengths.length > 1 ? `{{${text}}}` : `{${text}}`;
}

function elementsText(buffer: Buffer, start: number, elementAt: (at: number) => string, elementBytes: number): string {
  const dimensions = buffer.readInt16BE(start);
  const shown = Array.from({ length: Math.min(dimensions, mostElements) }, (_, i) => elementAt(start + 4 + i * elementBytes));
  return dimensions > mostElements ? `[${shown.join(',')},…] (${dimensions} dimensions)` : `[${shown.join(',')}]`;
}
