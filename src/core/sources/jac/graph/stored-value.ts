import type { SourceValue } from '../../../model/source-value.ts';
import type { PythonValue, TaggedValue } from '../anchor.ts';
import { fits64, type ColumnWord } from './field-facts.ts';
import { valueJson } from './value-json.ts';

/** What SQLite keeps of a value, in a column that converts nothing. */
export type StoredValue = null | bigint | number | string | Buffer;

/** SQLite has no boolean, no NaN and no integer beyond 64 bits: these are numbers 0 and 1, and texts, until `readStored`. */
export function storeValue(value: PythonValue | undefined, word: ColumnWord): StoredValue {
  if (value === undefined || value === null) return null;
  if (word === 'object' || word === 'list') return valueJson(value);
  switch (typeof value) {
    case 'boolean':
      return value ? 1n : 0n;
    case 'bigint':
      return word === 'float' ? Number(value) : fits64(value) ? value : String(value);
    case 'number':
      return Number.isNaN(value) ? 'NaN' : value;
    case 'string':
      return storeText(value);
    default:
      return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : storeTagged(value);
  }
}

/** A value as the Source contract has it. */
export function readStored(value: SourceValue, word: string): SourceValue {
  if (word === 'bool' && typeof value === 'bigint') return value === 1n;
  if (typeof value !== 'string') return value;
  if (word === 'float' || word === 'Decimal') return numbers.get(value) ?? value;
  return word === 'int beyond 64 bits' ? BigInt(value) : value;
}

const numbers: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['+Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

function storeTagged(value: TaggedValue): StoredValue {
  switch (value.tag) {
    case 'datetime':
    case 'date':
    case 'time':
    case 'uuid':
      return value.text;
    case 'decimal':
      return value.text.replace(/^\+/, '');
    case 'node':
      return value.id;
    case 'timedelta':
      return intervalText(value);
    case 'enum':
      return storeText(value.value === null ? (value.name ?? '') : String(value.value));
    default:
      return valueJson(value);
  }
}

/** ISO 8601. Python keeps seconds and microseconds at 0 or more, whatever the days are. */
function intervalText({ days, seconds, microseconds }: Extract<TaggedValue, { readonly tag: 'timedelta' }>): string {
  return `P${days}DT${seconds}.${String(microseconds).padStart(6, '0')}S`;
}

/** Python's texts may have half a surrogate pair, which no UTF-8 has: its bytes are kept, as text that is not valid. */
function storeText(text: string): StoredValue {
  if (text.isWellFormed()) return text;
  const pieces = text.match(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]|[^\ud800-\udfff]+/g) ?? [];
  return Buffer.concat(pieces.map((piece) => (piece.isWellFormed() ? Buffer.from(piece) : halfBytes(piece.charCodeAt(0)))));
}

function halfBytes(code: number): Buffer {
  return Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]);
}
