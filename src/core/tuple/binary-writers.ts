import type { ByteWriter } from './byte-writer.ts';
import type { Decimal } from './decimal.ts';

/**
 * Fields of a binary COPY tuple as PostgreSQL's send and receive functions define them: int32 length, then the bytes, big-endian.
 * Callers have checked the values; nothing here checks ranges.
 */

/** Shorter texts are written by a loop in JavaScript, which beats a call into Buffer.write. */
const shortText = 48;
const twoTo32 = 4_294_967_296;
/** 10^n; aligns a fraction to groups of four digits. */
const padding: readonly number[] = [1, 10, 100, 1000];
/** With three more digits still exact in a double. */
export const greatestScaled = 9e12;

/** Number of fields in front of a tuple. */
export function writeFieldCount(out: ByteWriter, fields: number): void {
  out.ensure(2);
  out.dataView.setInt16(out.position, fields);
  out.position += 2;
}

export function writeNull(out: ByteWriter): void {
  out.ensure(4);
  out.dataView.setInt32(out.position, -1);
  out.position += 4;
}

export function writeBool(out: ByteWriter, value: boolean): void {
  out.ensure(5);
  out.dataView.setInt32(out.position, 1);
  out.buffer[out.position + 4] = value ? 1 : 0;
  out.position += 5;
}

export function writeInt2(out: ByteWriter, value: number): void {
  out.ensure(6);
  out.dataView.setInt32(out.position, 2);
  out.dataView.setInt16(out.position + 4, value);
  out.position += 6;
}

/** int4; also date, in days since 2000-01-01. */
export function writeInt4(out: ByteWriter, value: number): void {
  out.ensure(8);
  out.dataView.setInt32(out.position, 4);
  out.dataView.setInt32(out.position + 4, value);
  out.position += 8;
}

export function writeInt8(out: ByteWriter, value: bigint): void {
  out.ensure(12);
  out.dataView.setInt32(out.position, 8);
  out.dataView.setBigInt64(out.position + 4, value);
  out.position += 12;
}

/** int8 from an integral number within ±2^53, without a BigInt; also time and timestamp, in microseconds. */
export function writeInt8Number(out: ByteWriter, value: number): void {
  out.ensure(12);
  out.dataView.setInt32(out.position, 8);
  out.dataView.setInt32(out.position + 4, Math.floor(value / twoTo32));
  out.dataView.setUint32(out.position + 8, value >>> 0);
  out.position += 12;
}

export function writeFloat4(out: ByteWriter, value: number): void {
  out.ensure(8);
  out.dataView.setInt32(out.position, 4);
  out.dataView.setFloat32(out.position + 4, value);
  out.position += 8;
}

export function writeFloat8(out: ByteWriter, value: number): void {
  out.ensure(12);
  out.dataView.setInt32(out.position, 8);
  out.dataView.setFloat64(out.position + 4, value);
  out.position += 12;
}

/** bytea, and the 16 bytes of a uuid. */
export function writeBytes(out: ByteWriter, value: Uint8Array): void {
  out.ensure(4 + value.length);
  out.dataView.setInt32(out.position, value.length);
  out.buffer.set(value, out.position + 4);
  out.position += 4 + value.length;
}

/** time with time zone: microseconds of the day and seconds west of UTC. */
export function writeTimeTz(out: ByteWriter, micros: number, west: number): void {
  out.ensure(16);
  writeInt8Number(out, micros);
  out.dataView.setInt32(out.position - 12, 12);
  out.dataView.setInt32(out.position, west);
  out.position += 4;
}

export function writeInterval(out: ByteWriter, months: number, days: number, micros: bigint): void {
  out.ensure(20);
  out.dataView.setInt32(out.position, 16);
  out.dataView.setBigInt64(out.position + 4, micros);
  out.dataView.setInt32(out.position + 12, days);
  out.dataView.setInt32(out.position + 16, months);
  out.position += 20;
}

/** bit varying of the digits 0 and 1, the first bit first; what is left of the last byte is 0. */
export function writeBits(out: ByteWriter, digits: string): void {
  const bytes = Math.ceil(digits.length / 8);
  out.ensure(8 + bytes);
  out.dataView.setInt32(out.position, 4 + bytes);
  out.dataView.setInt32(out.position + 4, digits.length);
  out.position += 8;
  for (let i = 0; i < bytes; i++) out.buffer[out.position++] = Number.parseInt(digits.slice(i * 8, i * 8 + 8).padEnd(8, '0'), 2);
}

/** bit varying of the first `bits` bits of `packed`, of which each byte begins with its highest bit, or with its lowest; the rest of the last byte is 0. */
export function writePackedBits(out: ByteWriter, packed: Uint8Array, bits: number, lowFirst: boolean): void {
  const bytes = Math.ceil(bits / 8);
  out.ensure(8 + bytes);
  out.dataView.setInt32(out.position, 4 + bytes);
  out.dataView.setInt32(out.position + 4, bits);
  out.position += 8;
  for (let i = 0; i < bytes; i++) out.buffer[out.position++] = lowFirst ? reversedBits(packed[i] ?? 0) : (packed[i] ?? 0);
  const rest = bits % 8;
  if (rest > 0) out.buffer[out.position - 1] = (out.buffer[out.position - 1] ?? 0) & (0xff << (8 - rest));
}

function reversedBits(byte: number): number {
  let reversed = 0;
  for (let i = 0; i < 8; i++) if ((byte & (1 << i)) !== 0) reversed |= 0x80 >> i;
  return reversed;
}

/** Head of an array; the caller writes its elements as fields behind it and calls `endArray` with what this gives. */
export function startArray(out: ByteWriter, dimensions: readonly number[], elementOid: number, hasNull: boolean): number {
  const start = out.position;
  out.ensure(16 + dimensions.length * 8);
  out.dataView.setInt32(start + 4, dimensions.length);
  out.dataView.setInt32(start + 8, hasNull ? 1 : 0);
  out.dataView.setInt32(start + 12, elementOid);
  out.position += 16;
  for (const length of dimensions) {
    out.dataView.setInt32(out.position, length);
    // Counted from 1, as array literals are.
    out.dataView.setInt32(out.position + 4, 1);
    out.position += 8;
  }
  return start;
}

export function endArray(out: ByteWriter, start: number): void {
  out.dataView.setInt32(start, out.position - start - 4);
}

/** text, varchar, bpchar, json, citext, enum labels. Well-formed text without NUL. */
export function writeText(out: ByteWriter, text: string): void {
  if (tryWriteShortAscii(out, text)) return;
  writeUtf8(out, text, 0);
}

/** jsonb: version 1 in front of the JSON text. */
export function writeJsonb(out: ByteWriter, text: string): void {
  writeUtf8(out, text, 1);
}

/** Writes a short text of the characters 1–127 and says true; writes nothing and says false for any other. */
export function tryWriteShortAscii(out: ByteWriter, text: string): boolean {
  const length = text.length;
  if (length > shortText) return false;
  out.ensure(4 + length);
  const buffer = out.buffer;
  const at = out.position + 4;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0 || code > 127) return false;
    buffer[at + i] = code;
  }
  out.dataView.setInt32(out.position, length);
  out.position = at + length;
  return true;
}

/** numeric with `scale` decimal places shown. */
export function writeNumeric(out: ByteWriter, value: Decimal, scale: number): void {
  const weight = value.count === 0 ? 0 : Math.ceil(value.point / 4) - 1;
  const pad = value.count === 0 ? 0 : (weight + 1) * 4 - value.point;
  const groups = Math.ceil((pad + value.count) / 4);
  writeNumericHeader(out, groups, weight, value.negative ? 0x4000 : 0, scale);
  const { digits, count } = value;
  let at = out.position;
  for (let first = -pad; first < count; first += 4) {
    let group = 0;
    for (let i = first; i < first + 4; i++) group = group * 10 + (i < 0 || i >= count ? 0 : (digits[i] as number));
    out.dataView.setInt16(at, group);
    at += 2;
  }
  out.position = at;
}

/** numeric of the value `scaled` / 10^`scale`, without a Decimal: `scaled` is a whole number within ±`greatestScaled`, `scale` 0–8. */
export function writeScaledNumeric(out: ByteWriter, scaled: number, scale: number): void {
  const fractionGroups = Math.ceil(scale / 4);
  let rest = Math.abs(scaled) * (padding[fractionGroups * 4 - scale] as number);
  let lowest = -fractionGroups;
  for (; rest !== 0 && rest % 10_000 === 0; lowest++) rest /= 10_000;
  const groups = rest === 0 ? 0 : rest < 1e4 ? 1 : rest < 1e8 ? 2 : rest < 1e12 ? 3 : 4;
  writeNumericHeader(out, groups, groups === 0 ? 0 : lowest + groups - 1, scaled < 0 ? 0x4000 : 0, scale);
  for (let group = groups - 1; group >= 0; group--) {
    out.dataView.setInt16(out.position + group * 2, rest % 10_000);
    rest = Math.floor(rest / 10_000);
  }
  out.position += groups * 2;
}

export function writeNumericSpecial(out: ByteWriter, value: 'NaN' | 'Infinity' | '-Infinity'): void {
  writeNumericHeader(out, 0, 0, value === 'NaN' ? 0xc000 : value === 'Infinity' ? 0xd000 : 0xf000, 0);
}

/** Head of a pgvector vector; the caller writes `dimensions` big-endian float32 behind it. */
export function writeVectorHeader(out: ByteWriter, dimensions: number): void {
  writeElementsHeader(out, dimensions, 4);
}

/** Head of a pgvector halfvec; the caller writes `dimensions` big-endian float16 behind it. */
export function writeHalfvecHeader(out: ByteWriter, dimensions: number): void {
  writeElementsHeader(out, dimensions, 2);
}

function writeElementsHeader(out: ByteWriter, dimensions: number, elementBytes: number): void {
  const bytes = 4 + dimensions * elementBytes;
  out.ensure(4 + bytes);
  out.dataView.setInt32(out.position, bytes);
  out.dataView.setInt16(out.position + 4, dimensions);
  out.dataView.setInt16(out.position + 6, 0);
  out.position += 8;
}

function writeNumericHeader(out: ByteWriter, groups: number, weight: number, sign: number, scale: number): void {
  out.ensure(12 + groups * 2);
  out.dataView.setInt32(out.position, 8 + groups * 2);
  out.dataView.setInt16(out.position + 4, groups);
  out.dataView.setInt16(out.position + 6, weight);
  out.dataView.setUint16(out.position + 8, sign);
  out.dataView.setUint16(out.position + 10, scale);
  out.position += 12;
}

function writeUtf8(out: ByteWriter, text: string, version: 0 | 1): void {
  // Three bytes a code unit is the most UTF-8 takes; long texts are measured instead, so that a 60 MB cell does not reserve 180 MB.
  out.ensure(5 + (text.length > 65_536 ? Buffer.byteLength(text) : text.length * 3));
  if (version === 1) out.buffer[out.position + 4] = 1;
  const bytes = version + out.buffer.write(text, out.position + 4 + version);
  out.dataView.setInt32(out.position, bytes);
  out.position += 4 + bytes;
}
