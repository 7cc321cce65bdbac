import { plural } from '../../model/plural.ts';
import { writeHalfvecHeader, writeVectorHeader } from '../../tuple/binary-writers.ts';
import type { ByteWriter } from '../../tuple/byte-writer.ts';
import { fromFloat16Bits, toFloat16Bits } from '../../tuple/float16.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder, type FieldFailure, type FieldSetting, type PresentValue } from './field-encoder.ts';

import { unsupportedConverter } from './unsupported-converter.ts';

/** pgvector's own limit. */
const mostDimensions = 16_000;

/**
 * vector(n) and halfvec(n) from blobs of little-endian floats or JSON arrays of numbers. A vector with elements that float32 (or float16) cannot
 * hold exactly is rounded and counted once; NaN and infinities are turned away with the place of the first.
 */
export function vectorEncoder(setting: FieldSetting): FieldEncoder {
  const { type, convert } = setting.column;
  const dimensions = type.modifiers[0] ?? null;
  const write = type.name === 'halfvec' ? writeHalves : writeSingles;
  const toNumbers = numberReader(setting);
  const copyBlob = type.name === 'vector' && (convert.name === 'auto' || convert.name === 'float32-blob');
  return (value, out) => {
    if (copyBlob && value instanceof Uint8Array && value.length % 4 === 0) {
      return dimensionFailure(value.length / 4, dimensions) ?? copySingles(value, out);
    }
    const numbers = toNumbers(value);
    if ('code' in numbers) return numbers;
    return dimensionFailure(numbers.length, dimensions) ?? write(numbers, out, setting.count);
  };
}

type Elements = readonly number[] | Float64Array;
type NumberReader = (value: PresentValue) => Elements | FieldFailure;

function numberReader(setting: FieldSetting): NumberReader {
  switch (setting.column.convert.name) {
    case 'auto':
      return (value) => (value instanceof Uint8Array ? readBlob(value, 4) : readJson(value));
    case 'json-text':
      return readJson;
    case 'float32-blob':
      return (value) => readBlob(value, 4);
    case 'float64-blob':
      return (value) => readBlob(value, 8);
    default:
      throw unsupportedConverter(setting);
  }
}

function readBlob(value: PresentValue, elementBytes: 4 | 8): Elements | FieldFailure {
  if (!(value instanceof Uint8Array)) return failure('wrong-type', `${describeValue(value)} is not a blob of floats`);
  if (value.length % elementBytes !== 0)
    return failure('wrong-dimensions', `${describeValue(value)} is no whole number of float${elementBytes * 8} elements`);
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  const numbers = new Float64Array(value.length / elementBytes);
  for (let i = 0; i < numbers.length; i++) numbers[i] = elementBytes === 4 ? view.getFloat32(i * 4, true) : view.getFloat64(i * 8, true);
  return numbers;
}

function readJson(value: PresentValue): Elements | FieldFailure {
  if (typeof value !== 'string') return failure('wrong-type', `${describeValue(value)} is not a JSON array of numbers`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return failure('invalid-json', `${describeValue(value)} is not JSON`);
  }
  if (!Array.isArray(parsed)) return failure('wrong-type', `${describeValue(value)} is not a JSON array of numbers`);
  const odd = parsed.findIndex((element) => typeof element !== 'number');
  return odd < 0 ? (parsed as number[]) : failure('wrong-type', `element ${odd} of a JSON array is not a number`);
}

function dimensionFailure(found: number, wanted: number | null): FieldFailure | null {
  if (wanted !== null && found !== wanted)
    return failure('wrong-dimensions', `a vector has ${plural(found, 'dimension')} instead of ${wanted}`);
  if (found === 0 || found > mostDimensions)
    return failure('wrong-dimensions', `a vector has ${plural(found, 'dimension')}; pgvector takes 1 to ${mostDimensions}`);
  return null;
}

/** Little-endian float32 elements to big-endian ones, bit for bit. */
function copySingles(blob: Uint8Array, out: ByteWriter): FieldFailure | null {
  writeVectorHeader(out, blob.length / 4);
  const { position, dataView } = out;
  const end = position + blob.length;
  out.buffer.set(blob, position);
  out.buffer.subarray(position, end).swap32();
  for (let at = position; at < end; at += 4) {
    // All exponent bits set: NaN or infinite.
    if ((dataView.getInt32(at) & 0x7f800000) === 0x7f800000) return notFinite((at - position) / 4);
  }
  out.position = end;
  return null;
}

function writeSingles(numbers: Elements, out: ByteWriter, count: FieldSetting['count']): FieldFailure | null {
  writeVectorHeader(out, numbers.length);
  let rounded = false;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number;
    const single = Math.fround(number);
    if (!Number.isFinite(single)) return Number.isFinite(number) ? tooLarge(i, 'float32') : notFinite(i);
    if (single !== number) rounded = true;
    out.dataView.setFloat32(out.position, single);
    out.position += 4;
  }
  if (rounded) count('rounded');
  return null;
}

function writeHalves(numbers: Elements, out: ByteWriter, count: FieldSetting['count']): FieldFailure | null {
  writeHalfvecHeader(out, numbers.length);
  let rounded = false;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number;
    if (!Number.isFinite(number)) return notFinite(i);
    const half = toFloat16Bits(number);
    if ((half & 0x7c00) === 0x7c00) return tooLarge(i, 'float16');
    if (fromFloat16Bits(half) !== number) rounded = true;
    out.dataView.setUint16(out.position, half);
    out.position += 2;
  }
  if (rounded) count('rounded');
  return null;
}

function notFinite(element: number): FieldFailure {
  return failure('not-finite', `element ${element} of a vector is not a finite number`);
}

function tooLarge(element: number, type: string): FieldFailure {
  return failure('out-of-range', `element ${element} of a vector is beyond the range of ${type}`);
}
