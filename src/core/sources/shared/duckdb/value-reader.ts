import {
  DuckDBArrayType,
  DuckDBArrayValue,
  DuckDBBitValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimeNSValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeTZValue,
  DuckDBTimeValue,
  DuckDBTypeId,
  DuckDBUnionType,
  DuckDBUnionValue,
  DuckDBUUIDValue,
  DuckDBVariantValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { MigrationError } from '../../../errors.ts';
import type { SourceValue } from '../../../model/source-value.ts';
import { dateText, instantText, intervalText, timeText, zoneText } from './time-text.ts';

/** Types whose values are not read. */
const unread: ReadonlySet<DuckDBTypeId> = new Set([DuckDBTypeId.INVALID, DuckDBTypeId.ANY, DuckDBTypeId.GEOMETRY]);

/** Whether `valueReader` knows the type, and every type in it. */
export function isReadable(type: DuckDBType): boolean {
  return !unread.has(type.typeId) && innerTypes(type).every(isReadable);
}

function innerTypes(type: DuckDBType): readonly DuckDBType[] {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return [type.valueType];
  if (type instanceof DuckDBMapType) return [type.keyType, type.valueType];
  if (type instanceof DuckDBStructType) return type.entryTypes;
  return type instanceof DuckDBUnionType ? type.memberTypes : [];
}

/** Reads one value that is not NULL. */
export type ValueReader = (value: DuckDBValue) => SourceValue;

/**
 * How the values of a type are handed over; each form is exact. Integers of any width are bigint; decimals, dates, times, intervals, bits and UUIDs are
 * their text; lists and arrays of FLOAT without a NULL are the bytes of their elements (little-endian float32); all other nested values are JSON.
 */
export function valueReader(type: DuckDBType): ValueReader {
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return elementType(type)?.typeId === DuckDBTypeId.FLOAT ? floatsReader(type) : (value) => jsonText(value, type);
    case DuckDBTypeId.STRUCT:
    case DuckDBTypeId.MAP:
    case DuckDBTypeId.UNION:
    case DuckDBTypeId.VARIANT:
      return (value) => jsonText(value, type);
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
      return (value) => BigInt(value as number);
    default:
      return readScalar;
  }
}

function elementType(type: DuckDBType): DuckDBType | null {
  return type instanceof DuckDBListType || type instanceof DuckDBArrayType ? type.valueType : null;
}

function readScalar(value: DuckDBValue): SourceValue {
  if (value === null || typeof value !== 'object') return value;
  // The driver's buffer is the chunk's own memory.
  if (value instanceof DuckDBBlobValue) return Uint8Array.from(value.bytes);
  return scalarText(value);
}

/** The text of a value that is an object to the driver. */
function scalarText(value: DuckDBValue & object): string {
  if (value instanceof DuckDBDecimalValue) return decimalText(value.value, value.scale);
  if (value instanceof DuckDBDateValue) return dateText(value.days);
  if (value instanceof DuckDBTimestampValue) return instantText(value.micros, 1_000_000n, '');
  if (value instanceof DuckDBTimestampTZValue) return instantText(value.micros, 1_000_000n, '+00');
  if (value instanceof DuckDBTimestampSecondsValue) return instantText(value.seconds, 1n, '');
  if (value instanceof DuckDBTimestampMillisecondsValue) return instantText(value.millis, 1_000n, '');
  if (value instanceof DuckDBTimestampNanosecondsValue) return instantText(value.nanos, 1_000_000_000n, '');
  if (value instanceof DuckDBTimeValue) return timeText(value.micros, 1_000_000n);
  if (value instanceof DuckDBTimeNSValue) return timeText(value.nanos, 1_000_000_000n);
  if (value instanceof DuckDBTimeTZValue) return timeText(value.micros, 1_000_000n) + zoneText(value.offset);
  if (value instanceof DuckDBIntervalValue) return intervalText(value.months, value.days, value.micros);
  if (value instanceof DuckDBUUIDValue || value instanceof DuckDBBitValue) return value.toString();
  throw new MigrationError('internal', { context: { detail: `no text for a ${value.constructor.name}` } });
}

/** All digits of the scale: 1.50. */
export function decimalText(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${value < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
}

function floatsReader(type: DuckDBType): ValueReader {
  return (value) => {
    const { items } = value as DuckDBListValue | DuckDBArrayValue;
    if (items.includes(null)) return jsonText(value, type);
    const bytes = new Uint8Array(items.length * 4);
    const view = new DataView(bytes.buffer);
    items.forEach((item, i) => view.setFloat32(i * 4, item as number, true));
    return bytes;
  };
}

/**
 * JSON of a value in a nested one. Numbers keep all their digits; what JSON has no number for is a text (NaN, Infinity), and so are dates, times and
 * bytes (hexadecimal, behind \x). A map is an object where its keys are texts, else an array of pairs; a union is its tag and its value. `type`: null
 * inside a variant, where each value says itself what it is.
 */
function jsonText(value: DuckDBValue, type: DuckDBType | null): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return numberJson(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) {
    const element = type === null ? null : elementType(type);
    return arrayJson(value.items.map((item) => jsonText(item, element)));
  }
  if (value instanceof DuckDBStructValue) return structJson(value, type);
  if (value instanceof DuckDBMapValue) return mapJson(value, type);
  if (value instanceof DuckDBVariantValue) return jsonText(value.value, null);
  if (value instanceof DuckDBUnionValue) {
    const member = type instanceof DuckDBUnionType ? (type.memberTypes[type.memberTags.indexOf(value.tag)] ?? null) : null;
    return `{"tag":${JSON.stringify(value.tag)},"value":${jsonText(value.value, member)}}`;
  }
  if (value instanceof DuckDBBlobValue) return JSON.stringify(`\\x${Buffer.from(value.bytes).toString('hex')}`);
  return value instanceof DuckDBDecimalValue ? scalarText(value) : JSON.stringify(scalarText(value));
}

function numberJson(value: number): string {
  if (!Number.isFinite(value)) return JSON.stringify(String(value));
  return Object.is(value, -0) ? '-0' : String(value);
}

function structJson({ entries }: DuckDBStructValue, type: DuckDBType | null): string {
  const types = type instanceof DuckDBStructType ? new Map(type.entryNames.map((name, i) => [name, type.entryTypes[i] ?? null])) : null;
  return objectJson(Object.entries(entries).map(([key, value]) => [key, jsonText(value, types?.get(key) ?? null)]));
}

function mapJson({ entries }: DuckDBMapValue, type: DuckDBType | null): string {
  const [keys, values] = type instanceof DuckDBMapType ? [type.keyType, type.valueType] : [null, null];
  if (keys?.typeId === DuckDBTypeId.VARCHAR) return objectJson(entries.map(({ key, value }) => [String(key), jsonText(value, values)]));
  return arrayJson(entries.map(({ key, value }) => arrayJson([jsonText(key, keys), jsonText(value, values)])));
}

function objectJson(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`;
}

function arrayJson(items: readonly string[]): string {
  return `[${items.join(',')}]`;
}
