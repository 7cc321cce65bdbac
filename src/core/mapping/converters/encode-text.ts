import { plural } from '../../model/plural.ts';
import { tryWriteShortAscii, writeText } from '../../tuple/binary-writers.ts';
import { failure, type FieldEncoder, type FieldFailure, type FieldSetting } from './field-encoder.ts';
import { isWellFormed } from './is-well-formed.ts';
import { valueText } from './value-text.ts';

/** PostgreSQL refuses a field of 1 GB. */
const mostBytes = 0x3fffffff - 64;

/** text, varchar(n), char(n), citext, enum labels. Never cut, never repaired without being counted. */
export function textEncoder(setting: FieldSetting): FieldEncoder {
  const { type } = setting.column;
  const limit = type.modifiers[0] ?? (type.name === 'char' ? 1 : Infinity);
  return (value, out) => {
    if (typeof value === 'string' && value.length <= limit && tryWriteShortAscii(out, value)) return null;
    const text = valueText(value, setting);
    if (typeof text !== 'string') return text;
    if (typeof value === 'bigint' || typeof value === 'number') setting.count('number as text');
    const clean = text.includes('\0') ? withoutNul(text, setting) : text;
    if (typeof clean !== 'string') return clean;
    const fault = textFault(clean, limit);
    if (fault !== null) return fault;
    writeText(out, clean);
    return null;
  };
}

function withoutNul(text: string, { options, count }: FieldSetting): string | FieldFailure {
  const policy = options.nulBytes;
  if (policy !== 'strip' && policy !== 'replace')
    return failure('nul-byte', 'a text holds a NUL character, which PostgreSQL cannot store in text');
  count(policy === 'strip' ? 'NUL stripped' : 'NUL replaced');
  return text.replaceAll('\0', policy === 'strip' ? '' : '\ufffd');
}

function textFault(text: string, limit: number): FieldFailure | null {
  if (!isWellFormed(text)) return failure('invalid-text', 'a text holds half of a surrogate pair');
  if (text.length > limit) {
    const characters = countCharacters(text);
    if (characters > limit) return failure('too-long', `a text of ${plural(characters, 'character')} does not fit ${limit}`);
  }
  if (text.length > mostBytes / 3 && Buffer.byteLength(text) > mostBytes)
    return failure('too-long', 'a text is larger than the 1 GB that PostgreSQL takes');
  return null;
}

/** Characters as PostgreSQL counts them: code points. */
function countCharacters(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) count--;
  return count;
}
