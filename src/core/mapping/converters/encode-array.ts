import { MigrationError } from '../../errors.ts';
import type { ColumnConversion, ConverterSpec } from '../../model/type-mapping.ts';
import { formatPgType } from '../../sql/pg-type.ts';
import { elementOid } from '../../sql/array-types.ts';
import { endArray, startArray, writeNull } from '../../tuple/binary-writers.ts';
import type { ByteWriter } from '../../tuple/byte-writer.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder, type FieldFailure, type FieldSetting, type PresentValue } from './field-encoder.ts';
import { parseList, type ListItem } from './parse-list.ts';

/**
 * Arrays of one or two dimensions, from JSON arrays and, for floats, from blobs of little-endian float32. Elements keep all their digits. `make` gives
 * the encoder of an element.
 */
export function arrayEncoder(setting: FieldSetting, make: (element: FieldSetting) => FieldEncoder): FieldEncoder {
  const { type } = setting.column;
  const oid = elementOid(type);
  if (oid === null || type.arrayDepth > 2) {
    const feature = formatPgType(type);
    throw new MigrationError('unsupported-plan-feature', {
      context: { column: setting.column.to, feature, detail: `a column of type ${feature}` },
    });
  }
  const encode = make({ ...setting, column: elementColumn(setting.column) });
  return (value, out) => {
    const items = itemsOf(value, type.name);
    if (items === null) return failure('wrong-type', `${describeValue(value)} is not a JSON array`);
    const shape = shapeOf(items, type.arrayDepth);
    if ('code' in shape) return shape;
    const elements = type.arrayDepth === 1 ? items : (items as readonly (readonly ListItem[])[]).flat();
    return writeElements(elements, shape.dimensions, oid, encode, out);
  };
}

/** Bytes inside JSON are written as hexadecimal digits. */
function elementColumn({ rules: _, ...column }: ColumnConversion): ColumnConversion {
  const convert: ConverterSpec = { name: column.type.name === 'bytea' ? 'text-hex' : 'auto' };
  return { ...column, type: { ...column.type, arrayDepth: 0 }, convert };
}

function itemsOf(value: PresentValue, element: string): readonly ListItem[] | null {
  if (typeof value === 'string') return parseList(value)?.map((item) => (isReal(element) ? toReal(item) : item)) ?? null;
  const floats = value instanceof Uint8Array && value.length % 4 === 0 && isReal(element);
  if (!floats) return null;
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  return Array.from({ length: value.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
}

function isReal(element: string): boolean {
  return element === 'real' || element === 'double precision';
}

/** JSON writes 3.0 as 3. */
function toReal(item: ListItem): ListItem {
  if (Array.isArray(item)) return (item as readonly ListItem[]).map(toReal);
  return typeof item === 'bigint' && Number.isSafeInteger(Number(item)) ? Number(item) : item;
}

/** PostgreSQL has rectangles only, and one form of the empty array. */
function shapeOf(items: readonly ListItem[], depth: number): FieldFailure | { readonly dimensions: readonly number[] } {
  if (items.length === 0) return { dimensions: [] };
  const lengths = new Set(items.map((item) => (Array.isArray(item) ? item.length : -1)));
  if (depth === 1)
    return lengths.size === 1 && lengths.has(-1) ? { dimensions: [items.length] } : failure('wrong-dimensions', 'an array holds arrays');
  const [length = -1] = lengths;
  if (lengths.size > 1 || length < 1)
    return failure('wrong-dimensions', 'an array of arrays is not rectangular, or holds empty or missing ones');
  return { dimensions: [items.length, length] };
}

function writeElements(
  elements: readonly ListItem[],
  dimensions: readonly number[],
  oid: number,
  encode: FieldEncoder,
  out: ByteWriter,
): FieldFailure | null {
  const start = startArray(out, dimensions, oid, elements.includes(null));
  for (const [i, element] of elements.entries()) {
    if (element === null) {
      writeNull(out);
      continue;
    }
    const fault = encode(element as PresentValue, out);
    if (fault !== null) return { ...fault, message: `element ${i} of an array: ${fault.message}` };
  }
  endArray(out, start);
  return null;
}
