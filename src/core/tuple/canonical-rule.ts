import type { PgType } from '../model/pg-type.ts';
import type { ByteWriter } from './byte-writer.ts';
import { canonicalJson } from './canonical-json.ts';

/** How the bytes of one type become unique where PostgreSQL has several byte forms of equal values. Only the value's bytes, without their length. */
export interface CanonicalRule {
  /** What is ignored, for people. */
  readonly ignores: string;
  isCanonical(buffer: Buffer, start: number, end: number): boolean;
  /** Appends the canonical bytes of `buffer[start, end)`. */
  write(buffer: Buffer, start: number, end: number, out: ByteWriter): void;
}

/** The rule of a type; null when its binary form is canonical as it is. */
export function canonicalRule(type: PgType): CanonicalRule | null {
  if (type.arrayDepth > 0) {
    const element = canonicalRule({ ...type, arrayDepth: 0 });
    return element === null ? null : arrayRule(element);
  }
  if (type.schema !== null) return null;
  switch (type.name) {
    case 'numeric':
      return numericRule;
    case 'jsonb':
      return jsonbRule;
    case 'char':
    case 'bpchar':
      return paddedTextRule;
    case 'real':
      return float4Rule;
    case 'double precision':
      return float8Rule;
    default:
      return null;
  }
}

/** int16 groups, int16 weight, uint16 sign, uint16 display scale, then base-10000 groups. */
const numericRule: CanonicalRule = {
  ignores: 'scale',
  isCanonical(buffer, start, end) {
    if (buffer[start + 6] !== 0 || buffer[start + 7] !== 0) return false;
    return end === start + 8 ? buffer[start + 2] === 0 && buffer[start + 3] === 0 : buffer.readInt16BE(end - 2) !== 0;
  },
  write(buffer, start, end, out) {
    let groupsEnd = end;
    while (groupsEnd > start + 8 && buffer.readInt16BE(groupsEnd - 2) === 0) groupsEnd -= 2;
    out.ensure(groupsEnd - start);
    const at = out.position;
    out.copy(buffer, start, groupsEnd);
    out.dataView.setInt16(at, (groupsEnd - start - 8) / 2);
    out.dataView.setInt16(at + 6, 0);
    if (groupsEnd === start + 8) out.dataView.setInt16(at + 2, 0);
  },
};

const jsonbRule: CanonicalRule = {
  ignores: 'key order and spelling of numbers',
  isCanonical: () => false,
  write(buffer, start, end, out) {
    const text = canonicalJson(buffer.toString('utf8', start + 1, end));
    out.ensure(1 + text.length * 3);
    out.buffer[out.position] = 1;
    out.position += 1 + out.buffer.write(text, out.position + 1);
  },
};

const paddedTextRule: CanonicalRule = {
  ignores: 'padding',
  isCanonical: (buffer, start, end) => start === end || buffer[end - 1] !== 0x20,
  write(buffer, start, end, out) {
    let textEnd = end;
    while (textEnd > start && buffer[textEnd - 1] === 0x20) textEnd--;
    out.copy(buffer, start, textEnd);
  },
};

const float4Rule: CanonicalRule = {
  ignores: 'bits of NaN',
  isCanonical: (buffer, start) => !Number.isNaN(buffer.readFloatBE(start)),
  write(_buffer, _start, _end, out) {
    out.ensure(4);
    out.dataView.setUint32(out.position, 0x7fc00000);
    out.position += 4;
  },
};

const float8Rule: CanonicalRule = {
  ignores: 'bits of NaN',
  isCanonical: (buffer, start) => ((buffer[start] as number) & 0x7f) !== 0x7f || !Number.isNaN(buffer.readDoubleBE(start)),
  write(_buffer, _start, _end, out) {
    out.ensure(8);
    out.dataView.setUint32(out.position, 0x7ff80000);
    out.dataView.setUint32(out.position + 4, 0);
    out.position += 8;
  },
};

/** Dimensions, flags and element type are canonical as PostgreSQL sends them; the elements are fields. */
function arrayRule(element: CanonicalRule): CanonicalRule {
  return {
    ignores: `${element.ignores} of elements`,
    isCanonical: (buffer, start) => buffer.readInt32BE(start) === 0,
    write(buffer, start, end, out) {
      let at = start + 12 + buffer.readInt32BE(start) * 8;
      out.copy(buffer, start, at);
      while (at < end) {
        const length = buffer.readInt32BE(at);
        const from = at + 4;
        out.copy(buffer, at, from);
        at = from + Math.max(0, length);
        if (length < 0) continue;
        if (element.isCanonical(buffer, from, at)) {
          out.copy(buffer, from, at);
          continue;
        }
        const written = out.position;
        element.write(buffer, from, at, out);
        out.dataView.setInt32(written - 4, out.position - written);
      }
    },
  };
}
